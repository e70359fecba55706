import { alice } from "../../world/people.ts";
import type { DemoWorld, Ending } from "./demo-world.ts";
import { live, same, usable } from "./expectations.ts";
import type { Check } from "./scenario.ts";
import { SlackActions } from "./slack-actions.ts";

export const pinKey = {
  usage: "TR31_P0_PIN_ENCRYPTION_KEY" as const,
  /** Entries of a case whose people have been asked and have not answered. */
  asked: [...usable, "approval-requested"],
};

/** Alice deletes a PIN key, and the custodians have been asked. */
export async function asked(demoWorld: DemoWorld): Promise<{ key: string; slack: SlackActions }> {
  const key = demoWorld.key({ usage: pinKey.usage, tags: { Environment: "prod" } });
  await demoWorld.delete(alice, key);
  await demoWorld.world.settle();
  return { key, slack: new SlackActions(demoWorld.world) };
}

/** The key lives and works, and nothing but `entries` is on record. */
export function checksOfPeople(ending: Ending, entries: readonly string[]): Check[] {
  return [
    [`entries are ${entries.join(", ")}`, same(ending.entries, entries)],
    ["the key is usable", ending.keyState === live.state && ending.enabled],
    ["every chain verifies", ending.auditVerified],
  ];
}
