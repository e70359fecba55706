import { describe, expect, it } from "vitest";
import { Handlers } from "../../bench/guard/handlers.ts";
import { DemoWorld } from "../../local/stories/demo/demo-world.ts";
import { scenarios } from "../../local/stories/demo/scenarios.ts";
import { guard, remediator } from "../../local/world/people.ts";
import { startWorld } from "../../local/world/start-world.ts";
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

describe("a lock-out of all calls by a key's resource policy", () => {
  it("costs three calls of remediation and its look at the policy that was put, and two of the guard beyond an ordinary restore: one more look, one more attempt", async () => {
    const world = await startWorld({ ...(await packaged("local")), port: 0 });
    const demoWorld = new DemoWorld(world);
    try {
      const scenario = scenarios.find(({ name }) => name === "locked-out-by-policy");
      const played = await scenario?.run(demoWorld);
      expect(played?.checks.filter(([, holds]) => !holds)).toEqual([]);
      const callsOf = (accessKeyId: string) =>
        world.controlPlane.calls.filter((call) => call.accessKeyId === accessKeyId).map(({ operation }) => operation);
      expect(callsOf(remediator.accessKeyId)).toEqual([
        ...["GetResourcePolicy", "GetResourcePolicy", "PutResourcePolicy", "GetResourcePolicy"],
      ]);
      const [look, attempt, ...others] = callsOf(guard.accessKeyId);
      expect([look, attempt]).toEqual(["GetKey", "RestoreKey"]);
      // A retry that comes while remediation has claimed the case looks once, and waits.
      expect([
        ["GetKey", "RestoreKey"],
        ["GetKey", "GetKey", "RestoreKey"],
      ]).toContainEqual(others);
    } finally {
      demoWorld.close();
      await world.stop();
    }
  }, 60_000);
});
