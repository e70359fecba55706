import pc from "picocolors";
import { columnsOf } from "../../cli/shell/wrap.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { recordSentence } from "../../lib/notices/entry-sentence.ts";
import type { World } from "../world/world.ts";
import { listenTo, nameOfSubject } from "../world/world-events.ts";

/** A line for every key: alias, usage, state. */
export function showKeys(world: World): void {
  for (const { KeyArn, KeyAttributes, KeyState, Enabled, aliases } of world.controlPlane.keys()) {
    const state =
      KeyState === "CREATE_COMPLETE" ? (Enabled ? pc.green("enabled") : pc.yellow("disabled")) : pc.red(KeyState);
    const name = printableText(aliases[0] ?? KeyArn, 60).padEnd(28);
    const usage = printableText(KeyAttributes.KeyUsage, 60).padEnd(36);
    // The state is what one looks for: it is never pushed out of sight.
    console.log(columnsOf() < 80 ? `  ${name} ${state}` : `  ${name} ${usage} ${state}`);
  }
}

/** Tells what happens as it happens. */
export function narrate(world: World): void {
  const nameOfKey = (arn: string) => printableText(world.controlPlane.aliasOf(arn) ?? arn, 60);
  listenTo(world, {
    called: (errorName) => {
      const failed = errorName !== undefined && pc.dim(`failed: ${printableText(errorName)}`);
      say(world, "DeleteKey", failed || "seen on the default bus");
    },
    published: ({ keyArn }, entry, recorded) =>
      say(world, nameOfKey(keyArn), `${recordSentence(entry, pc)}${recorded ? "" : pc.red(" (not recorded yet)")}`),
    changed: (subject, entry) =>
      say(world, printableText(nameOfSubject(world, subject), 60), recordSentence(entry, pc)),
  });
}

/** One line of the story, with the world's time. */
export function say(world: World, actor: string, text: string): void {
  const time = new Date(world.clock.now()).toISOString().slice(11, 19);
  console.log(`${pc.dim(time)}  ${actor.padEnd(28)} ${text}`);
}
