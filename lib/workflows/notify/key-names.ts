import { codeOf } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { aliasesIn } from "../../domain/policy/label-age.ts";
import { keyKnownAs } from "../../notices/key-title.ts";
import type { Announcer } from "./notification.ts";

/**
 * Returns what people call each of `keys`, by the aliases that the inventory saw last, the id beside it. Never throws: after a failure the
 * other keys are called by their ids, since no notice waits for a name.
 */
export async function keyNames(
  { labelsSeen, log }: Pick<Announcer, "labelsSeen" | "log">,
  keys: readonly KeyArn[],
): Promise<readonly string[]> {
  let isDown = false;
  const names: string[] = [];
  for (const keyArn of keys) {
    try {
      const seen = isDown ? undefined : await labelsSeen(keyArn);
      const aliases = seen === undefined || seen === "unreadable" ? undefined : aliasesIn(seen.aliases?.state ?? "");
      names.push(keyKnownAs(keyArn, aliases));
    } catch (error) {
      isDown = true;
      log("LABELS_UNREADABLE", { keyArn, fact: "aliases", code: codeOf(error) });
      names.push(keyKnownAs(keyArn));
    }
  }
  return names;
}
