import { describe, expect, it } from "vitest";
import { Handlers } from "../../bench/guard/handlers.ts";
import { packaged } from "../doubles/packaged.ts";

describe("the packaged guard", () => {
  it("makes nine calls for a deletion that it undoes, two of them to the control plane, and looks up its name once it is restored", async () => {
    const { bundles } = await packaged("local");
    const handlers = new Handlers();
    await handlers.start();
    try {
      const { rounds } = await handlers.record(bundles.guard);
      const seen = rounds.flat().map(({ operation }) => operation);
      expect(seen.slice(0, 3).sort()).toEqual(["GetKey", "Query", "Query"]);
      expect(seen.slice(3)).toEqual(["UpdateItem", "RestoreKey", "GetItem", "UpdateItem", "PutEvents", "UpdateItem"]);
    } finally {
      await handlers.stop();
    }
  });
});
