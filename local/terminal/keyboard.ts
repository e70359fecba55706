import { emitKeypressEvents } from "node:readline";
import pc from "picocolors";
import { columnsOf, wrapped } from "../../cli/shell/wrap.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import { deleteKey } from "../world/manual-actions.ts";
import { alice, mallory, type Person, reaper } from "../world/people.ts";
import type { World } from "../world/world.ts";
import { say, showKeys } from "./narration.ts";

export const keyHelp = `  ${pc.bold("d")} delete a production key as mallory   ${pc.bold("t")} a test key as the key reaper   ${pc.bold("p")} a PIN key as alice (asks people)   ${pc.bold("k")} keys   ${pc.bold("j")} jump a day ahead   ${pc.bold("?")} help   ${pc.bold("q")} quit`;

/** How many keys have been deleted by key press: the next one is another one. */
interface Turns {
  taken: number;
}

/** Acts on key presses in the world that runs, and resolves when someone quits or the process is asked to end. */
export async function untilTheyQuit(world: () => World): Promise<void> {
  const turns = { taken: 0 };
  await new Promise<void>((resolve) => {
    for (const signal of endings) process.once(signal, () => resolve());
    whenNpmEnds(resolve);
    if (!process.stdin.isTTY) return;
    emitKeypressEvents(process.stdin);
    process.stdin.setRawMode(true);
    process.stdin.on(
      "keypress",
      (_text: string | undefined, key: { name?: string; ctrl?: boolean; sequence?: string }) => {
        if (key.name === "q" || (key.ctrl && key.name === "c")) resolve();
        else void press(world(), turns, key.name ?? key.sequence ?? "");
      },
    );
  });
  if (process.stdin.isTTY) process.stdin.setRawMode(false).pause();
}

/** What a terminal says when it is closed, and anyone who wants this to end. */
export const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** npm passes no signal on: when it is gone, nobody could end this any more. */
function whenNpmEnds(resolve: () => void): void {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm) resolve();
  }, 1_000).unref();
}

async function press(world: World, turns: Turns, key: string): Promise<void> {
  switch (key) {
    case "d":
      return await deleteNext(world, turns, mallory, "alias/prod/", 3);
    case "p":
      return await deleteNext(world, turns, alice, "alias/prod/pin", 3);
    case "t":
      return await deleteNext(world, turns, reaper, "alias/test/", 7);
    case "k":
      return showKeys(world);
    case "j":
      world.clock.jump(86_400_000);
      world.controlPlane.tick();
      return say(world, "clock", `a day later: ${new Date(world.clock.now()).toISOString().slice(0, 10)}`);
    default:
      return console.log(wrapped(keyHelp, columnsOf()));
  }
}

/** Deletes one key after another of those whose alias begins with `prefix`, over HTTP like anyone else. */
async function deleteNext(world: World, turns: Turns, person: Person, prefix: string, days: number): Promise<void> {
  const live = world.controlPlane
    .keys()
    .filter(
      ({ KeyState, aliases }) => KeyState === "CREATE_COMPLETE" && aliases.some((alias) => alias.startsWith(prefix)),
    );
  const key = live[turns.taken % Math.max(1, live.length)];
  if (key === undefined) return say(world, person.name, "finds no key to delete");
  turns.taken += 1;
  say(world, person.name, `deletes ${printableText(key.aliases[0] ?? key.KeyArn, 60)} with ${days} days' notice`);
  const failed = await deleteKey(world, person, key.KeyArn, days);
  if (failed !== undefined) say(world, person.name, pc.red(printableText(failed)));
}
