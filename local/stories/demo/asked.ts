import { alice } from "../../world/people.ts";
import type { Ending, Stage } from "./demo-world.ts";
import { live, same, usable } from "./expectations.ts";
import type { Check } from "./scenario.ts";
import { SlackHands } from "./slack-actions.ts";

export const pinKey = {
  usage: "TR31_P0_PIN_ENCRYPTION_KEY",
  /** Entries of a case whose people have been asked and have not answered. */
  asked: [...usable, "approval-requested"],
};

/** Alice deletes a PIN key, and the custodians have been asked. */
export async function asked(stage: Stage): Promise<{ key: string; slack: SlackHands }> {
  const key = stage.key({ usage: pinKey.usage, tags: { Environment: "prod" } });
  await stage.delete(alice, key);
  await stage.world.settle();
  return { key, slack: new SlackHands(stage.world) };
}

/** The key lives and works, and nothing but `entries` is on record. */
export function checksOfPeople(ending: Ending, entries: readonly string[]): Check[] {
  return [
    [`entries are ${entries.join(", ")}`, same(ending.entries, entries)],
    ["the key is usable", ending.keyState === live.state && ending.enabled],
    ["every chain verifies", ending.auditVerified],
  ];
}
