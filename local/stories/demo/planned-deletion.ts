import { alice, bob, carol, custodianRole, custodianRoleId, mallory } from "../../world/people.ts";
import { reprieveAs } from "./command.ts";
import { same } from "./expectations.ts";
import type { Scenario } from "./scenario.ts";

/** A deletion that people have agreed to before it takes place: the key is never restored, and never deleted twice. */
export const plannedDeletion: Scenario = {
  name: "planned-deletion",
  story:
    "Alice requests a permit to delete a PIN key, and Bob and Carol grant it. Her deletion passes at once; Mallory's, of another key, does not.",
  run: async (demoWorld) => {
    const { world } = demoWorld;
    const spec = { usage: "TR31_P0_PIN_ENCRYPTION_KEY", tags: { Environment: "prod" } } as const;
    const key = demoWorld.key({ ...spec, alias: "alias/prod/pin-retired" });
    const other = demoWorld.key({ ...spec, alias: "alias/prod/pin-in-use" });
    const commonArguments = ["--reason", "CHG-9", "--sts-url", `${world.endpoint}/`];
    const request = [
      "permit",
      "request",
      key,
      "--principal",
      custodianRole,
      "--role-id",
      custodianRoleId,
      "--person",
      "alice",
      "--notice",
      "7d",
      ...commonArguments,
    ];
    const approve = ["permit", "approve", `${key}#p1`, ...commonArguments];
    const statuses = [await reprieveAs(world, alice, request), await reprieveAs(world, alice, approve)];
    statuses.push(await reprieveAs(world, bob, approve), await reprieveAs(world, carol, approve));
    world.clock.jump(60_000);
    await demoWorld.delete(alice, key, 7);
    await demoWorld.delete(mallory, other, 7);
    // Two words close together: the second notice waits for the first.
    await world.settle({ advance: true });
    const ending = await demoWorld.ending(key);
    const theOther = await demoWorld.ending(other);
    const mails = world.topic.mails.map(({ text }) => text).filter((text) => text.includes("CHG-9"));
    const passed = ["deletion-detected", "decided", "permit-used", "deletion-allowed"];
    return {
      ending,
      checks: [
        ["nobody grants a permit of their own", same(statuses, [0, 1, 0, 0])],
        ["the deletion passed at once, and used the permit", same(ending.entries.slice(0, 4), passed)],
        ["the key was never restored", ending.keyState === "DELETE_PENDING"],
        ["the other key came back", theOther.keyState === "CREATE_COMPLETE"],
        [
          "people were notified of who asked for it, and who approved it",
          mails.some((text) => text.includes("is issued, approved by bob and carol")),
        ],
        ["every chain verifies", ending.auditVerified && theOther.auditVerified],
      ],
    };
  },
};
