import { describe, expect, it } from "vitest";
import { trailsOf } from "../../cli/trail/trails-of.ts";

describe("a local world that does not answer on its usual port", () => {
  it("may be on another: the error names --endpoint-url", async () => {
    const trails = () => {
      throw new Error("connect ECONNREFUSED 127.0.0.1:4700");
    };
    const reading = trailsOf({ local: true }, { region: "us-east-1", trails } as never);
    await expect(reading).rejects.toMatchObject({
      name: "InputError",
      message: expect.stringContaining("--endpoint-url http://127.0.0.1:PORT"),
    });
  });
});
