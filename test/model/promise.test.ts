import { describe, expect, it } from "vitest";
import { day, deletionRequest, reaper, t0 } from "../doubles/key-world.ts";
import { brokenPromises } from "./evidence.ts";
import { runOut } from "./explore.ts";
import { ModelWorld } from "./model-world.ts";
import { allowingReaper, askedAbout, askingTwo, type ModelPolicy, restoring } from "./policies.ts";

const first = deletionRequest();
const again = deletionRequest({ eventId: "11111111-1111-4111-8111-111111111111", at: t0 + 2_000 });
const heard = (request = first) => ({ request, inHistory: request, deliveries: 1 });

/** A world in which nobody does anything until the key is gone. */
function neglected(policy: ModelPolicy, ...deletions: readonly ReturnType<typeof heard>[]): ModelWorld {
  const world = new ModelWorld({ policy, deletions });
  world.pass(4 * day);
  return world;
}

describe("the promise of the simulator, in the explored model", () => {
  const death = ["DEATH: key 0 (card) was destroyed, allowed by nobody"];
  it.each([
    ["is broken where nobody allowed the deletion", restoring(), heard(), death],
    ["is kept where the policy only observes", restoring("observe"), heard(), []],
    [
      "is kept where the policy allows the requester",
      allowingReaper(),
      heard(deletionRequest({ requester: reaper })),
      [],
    ],
    ["is broken where the policy allows another requester", allowingReaper(), heard(), death],
  ])("%s", (_, policy, deletion, expected) => {
    const world = neglected(policy, deletion);
    expect([world.keys.state, brokenPromises(world)]).toEqual(["GONE", expected]);
  });

  it("is broken where observe was deployed long before the end of an unanswered question", async () => {
    const world = new ModelWorld({
      policy: askingTwo("pending"),
      deploys: [askingTwo("pending", "observe")],
      kind: askedAbout,
      deletions: [heard()],
    });
    world.deliver(0);
    await runOut(world);
    world.deploy();
    world.pass(4 * day);
    expect([world.keys.state, brokenPromises(world)]).toEqual([
      "GONE",
      ["ASKED: key 0 was destroyed although people were asked and did not approve"],
    ]);
  });

  it.each([
    [["bob", "carol"], "GONE"],
    [["bob"], "CREATE_COMPLETE"],
  ] as const)("is kept by a planned permit that %s approved: the key is %s", async (approvers, state) => {
    const policy = askingTwo("restored");
    const world = new ModelWorld({ policy, kind: askedAbout, deletions: [heard(), heard(again)] });
    world.deliver(0);
    await runOut(world);
    world.permit("dave", "request");
    await runOut(world);
    for (const name of approvers) {
      world.permit(name, "approve");
      await runOut(world);
    }
    world.pass(2_000);
    expect(world.mayDelete()).toBe(true);
    world.deleteByHand();
    world.deliver(1);
    await runOut(world);
    world.pass(4 * day);
    expect([world.keys.state, brokenPromises(world)]).toEqual([state, []]);
    expect(world.happened.includes("permit-used")).toBe(state === "GONE");
  });
});
