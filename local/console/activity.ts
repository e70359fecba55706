import { createColors } from "picocolors";
import type { EntryKind } from "../../lib/domain/ledger/entry.ts";
import { recordSentence } from "../../lib/notices/entry-sentence.ts";
import type { World } from "../world/world.ts";
import { listenTo, nameOfSubject } from "../world/world-events.ts";
import type { LinePart } from "./parts.ts";

const plain = createColors(false);
/** Lines that are kept: someone reads the newest. */
const maxLines = 400;

const good: readonly EntryKind[] = [
  "key-usable",
  "approval-refused",
  "requester-confirmed",
  "permit-revoked",
  "deny-removed",
  "change-reverted",
];
const bad: readonly EntryKind[] = [
  ...(["deletion-allowed", "key-destroyed", "effect-failed", "requester-unconfirmed", "key-state-unknown"] as const),
  ...(["look-denied", "lock-out-left", "revert-left"] as const),
];

function toneOf(kind: EntryKind): LinePart["tone"] {
  return good.includes(kind) ? "good" : bad.includes(kind) ? "bad" : "plain";
}

/** What has happened, a line each, the oldest first. */
export class Activity {
  readonly #world: World;
  readonly #changed: () => void;
  readonly #lines = new Map<number, LinePart>();
  #next = 1;

  constructor(world: World, changed: () => void) {
    this.#world = world;
    this.#changed = changed;
    listenTo(world, {
      called: (errorName) =>
        this.addLine("DeleteKey", errorName === undefined ? "seen on the default bus" : `failed: ${errorName}`),
      published: ({ keyArn, generation }, entry, recorded) => {
        const name = world.controlPlane.aliasOf(keyArn) ?? keyArn.split("/").at(-1) ?? "";
        const text = `${recordSentence(entry, plain)}${recorded ? "" : " (not recorded yet)"}`;
        const about = generation === undefined ? {} : { case: `${keyArn}#${generation}` };
        this.addLine(name, text, toneOf(entry.kind), about);
      },
      changed: (subject, entry) =>
        this.addLine(nameOfSubject(world, subject), recordSentence(entry, plain), toneOf(entry.kind)),
    });
  }

  /** The lines, each with its number. */
  get all(): ReadonlyMap<number, LinePart> {
    return this.#lines;
  }

  addLine(actor: string, text: string, tone: LinePart["tone"] = "plain", about: { readonly case?: string } = {}): void {
    this.#lines.set(this.#next, { at: this.#world.clock.now(), actor, text, tone, ...about });
    this.#lines.delete(this.#next - maxLines);
    this.#next += 1;
    this.#changed();
  }
}
