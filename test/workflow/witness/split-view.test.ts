import { sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GuardError } from "../../../lib/domain/guard-error.ts";
import { checkpointText } from "../../../lib/domain/log/checkpoint.ts";
import { leafHash } from "../../../lib/domain/log/hash.ts";
import { consistencyProof, leafRange } from "../../../lib/domain/log/proofs.ts";
import { signedCheckpoint } from "../../../lib/domain/log/signed-checkpoint.ts";
import { readNote } from "../../../lib/domain/log/signed-note.ts";
import { verifierKey } from "../../../lib/domain/log/verifier-key.ts";
import { cosignRequestText } from "../../../lib/domain/log/witness.ts";
import type { CosignedLog, WitnessBook } from "../../../lib/workflows/ports/witness.ts";
import { addCheckpoint } from "../../../lib/workflows/witness/add-checkpoint.ts";
import { createKey, origin } from "../../doubles/log-world.ts";

const longest = 6;
const fork = 2;
/** Two histories of one log, with the same first entries, and both signed with its true key. */
const histories = ["true", "false"].map((name) =>
  leafRange(Array.from({ length: longest }, (_, n) => leafHash(n < fork ? `entry ${n}` : `${name} ${n}`))),
);
const [logPair, ownPair] = [createKey(), createKey("witness.example/log-archive")];
const notes = await Promise.all(
  histories.map(async (leaves) => {
    const key = await logPair.signer.key();
    const sizes = Array.from({ length: longest + 1 }, (_, size) => size);
    return await Promise.all(
      sizes.map(async (size) => {
        const checkpoint = { origin, size, root: leaves.root(0, size) };
        return signedCheckpoint(checkpoint, key, await logPair.signer.sign(checkpointText(checkpoint)));
      }),
    );
  }),
);
const logKeys = [await logPair.signer.key()];
const ownKey = verifierKey("witness.example/log-archive", "cosignature", (await ownPair.signer.key()).bytes);

interface Ask {
  readonly history: number;
  readonly before: number;
  readonly size: number;
  /** What goes wrong with this request. */
  readonly fault: "none" | "keep-refused" | "keep-answer-lost" | "sign-fails" | "read-fails";
}

const size = fc.integer({ min: 1, max: longest });
const ask: fc.Arbitrary<Ask> = fc.record({
  history: fc.nat({ max: 1 }),
  before: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: longest })),
  size,
  fault: fc.constantFrom("none", "none", "none", "keep-refused", "keep-answer-lost", "sign-fails", "read-fails"),
});

const down = () => new GuardError("STORE_UNAVAILABLE", "retry", "down");

/** A table whose items change in one step, and calls that take as long as the schedule says. */
function createTable(scheduler: fc.Scheduler) {
  const state: { last?: CosignedLog; readonly sizes: number[] } = { sizes: [] };
  const wait = async (label: string) => await scheduler.schedule(Promise.resolve(), label);
  const bookFor = (fault: Ask["fault"]): WitnessBook => ({
    last: async () => {
      await wait("read");
      if (fault === "read-fails") throw down();
      return state.last;
    },
    keep: async (_, before, next) => {
      await wait("write");
      if (fault === "keep-refused") throw down();
      if ((state.last?.size ?? 0) !== before) return state.last?.noteText === next.noteText ? "kept" : "conflict";
      state.last = next;
      state.sizes.push(next.size);
      await wait("written");
      if (fault === "keep-answer-lost") throw down();
      return "kept";
    },
  });
  const signFor = (fault: Ask["fault"]) => async (text: string) => {
    await wait("sign");
    if (fault === "sign-fails") throw down();
    return sign(null, Buffer.from(text), ownPair.privateKey);
  };
  return { state, bookFor, signFor };
}

describe("a witness that two histories of one log are shown to", () => {
  it("never cosigns both, whatever is asked at the same time, and whatever fails", async () => {
    const run = async (asks: readonly Ask[], scheduler: fc.Scheduler) => {
      const { state, bookFor, signFor } = createTable(scheduler);
      const given: { readonly history: number; readonly size: number }[] = [];
      const answers = asks.map(async ({ history, before, size: to, fault }) => {
        const deps = { logKeys, ownKey, book: bookFor(fault), sign: signFor(fault), clock: () => 1_795_863_600_000 };
        const leaves = histories[history] ?? histories[0];
        const proof = leaves === undefined || before > to ? [] : consistencyProof(leaves, before, to);
        const body = cosignRequestText(before, proof, notes[history]?.[to] ?? "");
        const answer = await addCheckpoint(deps, body).catch(() => undefined);
        if (answer?.status === 200) given.push({ history, size: to });
      });
      await scheduler.waitFor(Promise.all(answers));
      // Up to the fork both are one history.
      const sides = new Set(given.flatMap(({ history, size: at }) => (at > fork ? [history] : [])));
      expect(sides.size).toBeLessThanOrEqual(1);
      expect(state.sizes).toEqual(state.sizes.toSorted((a, b) => a - b));
      if (state.last !== undefined) expect(readNote(state.last.noteText)?.signatures).toHaveLength(2);
      return given.length;
    };
    let cosigned = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { minLength: 2, maxLength: 12 }), fc.scheduler(), async (asks, scheduler) => {
        cosigned += await run(asks, scheduler);
      }),
      { numRuns: 300 },
    );
    expect(cosigned).toBeGreaterThan(50);
  });
});
