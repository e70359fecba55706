import pc from "picocolors";
import { sentenceOf } from "../../cli/terminal/sentences.ts";
import type { Entry } from "../../lib/domain/entry.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import type { World } from "../world.ts";

/** A line for every key: alias, usage, state. */
export function showKeys(world: World): void {
  for (const { KeyArn, KeyAttributes, KeyState, Enabled, aliases } of world.controlPlane.keys()) {
    const state =
      KeyState === "CREATE_COMPLETE" ? (Enabled ? pc.green("enabled") : pc.yellow("disabled")) : pc.red(KeyState);
    const name = printableText(aliases[0] ?? KeyArn, 60).padEnd(28);
    console.log(`  ${name} ${printableText(KeyAttributes.KeyUsage, 60).padEnd(36)} ${state}`);
  }
}

/** Tells what happens as it happens, from the bus: what the guard published, not what this program thinks it did. */
export function narrate(world: World): void {
  const nameOfKey = (arn: string) => {
    const key = world.controlPlane.keys().find(({ KeyArn }) => KeyArn === arn);
    return printableText(key?.aliases[0] ?? arn, 60);
  };
  world.bus.observe("default", (envelope) => {
    const { detail } = envelope as { detail: { eventName?: string; errorCode?: string; userAgent?: string } };
    if (detail.eventName === "DeleteKey")
      say(
        world,
        "DeleteKey",
        detail.errorCode === undefined
          ? "seen on the default bus"
          : pc.dim(`failed: ${printableText(detail.errorCode)}`),
      );
  });
  world.bus.observe(world.busName, (envelope) => {
    const { detail, ...event } = envelope as {
      detail: { case?: { keyArn: string }; entry?: Entry };
      "detail-type"?: string;
    };
    if (detail.case === undefined || detail.entry === undefined) return;
    const unrecorded = String(event["detail-type"]).startsWith("unrecorded-") ? pc.red(" (not recorded yet)") : "";
    say(world, nameOfKey(detail.case.keyArn), `${sentenceOf(detail.entry, pc)}${unrecorded}`);
  });
}

/** One line of the story, with the world's time. */
export function say(world: World, who: string, what: string): void {
  const time = new Date(world.clock.now()).toISOString().slice(11, 19);
  console.log(`${pc.dim(time)}  ${who.padEnd(28)} ${what}`);
}
