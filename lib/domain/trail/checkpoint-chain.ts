import { sha256Hex } from "../ledger/canonical-json.ts";
import { hourMs } from "../time.ts";
import {
  type AnchoredHead,
  type Checkpoint,
  type CheckpointSignature,
  readCheckpoint,
  signedPart,
} from "./checkpoint.ts";

/**
 * What can be wrong with checkpoints: one that was changed, an hour without one, one that does not follow the one before it (a fork, or one
 * that was exchanged), a case that was anchored with fewer entries than before (the table was rolled back), fewer cases than before; where
 * signatures are asked for, one that is missing or wrong.
 */
export type CheckpointDamage =
  | "checkpoint-changed"
  | "checkpoint-missing"
  | "checkpoint-forked"
  | "checkpoint-rolled-back"
  | "checkpoint-unsigned"
  | "checkpoint-wrong-signature";

export interface CheckpointFinding {
  readonly damage: CheckpointDamage;
  /** The hour, as far as it is known; else the line. */
  readonly hour: string;
  readonly case?: string;
}

/** What checkpoints say, read in order. */
export interface CheckpointReading {
  readonly findings: readonly CheckpointFinding[];
  /** Of each chain what was anchored of it, in order. */
  readonly anchors: ReadonlyMap<string, readonly AnchoredHead[]>;
  readonly count: number;
  readonly late: number;
  readonly signed: number;
  /** First and last hour. */
  readonly span?: readonly [string, string];
}

/** Whether a signature over `text` is that of the key that is expected. */
export type VerifySignature = (text: string, signature: CheckpointSignature) => boolean;

/**
 * Reads checkpoints in the order of their hours. `texts` may begin anywhere: what came before the first is not judged. Signatures are judged
 * only where `verify` is given: by whose key is for the reader to know.
 */
export function readCheckpoints(texts: readonly string[], verify?: VerifySignature): CheckpointReading {
  const findings: CheckpointFinding[] = [];
  const anchors = new Map<string, AnchoredHead[]>();
  let before: { readonly checkpoint: Checkpoint; readonly text: string } | undefined;
  let [late, signed, broken] = [0, 0, false];
  const hours: string[] = [];
  for (const [n, text] of texts.entries()) {
    const checkpoint = readCheckpoint(text);
    if (typeof checkpoint === "string") {
      findings.push({ damage: "checkpoint-changed", hour: `line ${n + 1}` });
      broken = true;
      continue;
    }
    const { hour } = checkpoint;
    hours.push(hour);
    late += Number(checkpoint.late);
    signed += Number(checkpoint.signature !== undefined);
    if (verify !== undefined) findings.push(...signatureFinding(checkpoint, verify));
    if (before !== undefined && !broken) findings.push(...between(before, checkpoint));
    for (const head of checkpoint.heads) {
      const known = anchors.get(head.case) ?? [];
      if ((known.at(-1)?.entries ?? 0) > head.entries)
        findings.push({ damage: "checkpoint-rolled-back", hour, case: head.case });
      anchors.set(head.case, [...known, head]);
    }
    before = { checkpoint, text };
    broken = false;
  }
  const [first, last] = [hours[0], hours.at(-1)];
  const span = first !== undefined && last !== undefined && { span: [first, last] as const };
  return { findings, anchors, count: texts.length, late, signed, ...span };
}

function signatureFinding(checkpoint: Checkpoint, verify: VerifySignature): CheckpointFinding[] {
  const { hour, signature } = checkpoint;
  if (signature === undefined) return [{ damage: "checkpoint-unsigned", hour }];
  return verify(signedPart(checkpoint), signature) ? [] : [{ damage: "checkpoint-wrong-signature", hour }];
}

function between(
  { checkpoint: before, text }: { readonly checkpoint: Checkpoint; readonly text: string },
  next: Checkpoint,
): CheckpointFinding[] {
  const { hour } = next;
  const gap = Date.parse(hour) - Date.parse(before.hour);
  if (gap > hourMs)
    return [{ damage: "checkpoint-missing", hour: new Date(Date.parse(before.hour) + hourMs).toISOString() }];
  if (gap !== hourMs || next.prev !== sha256Hex(text)) return [{ damage: "checkpoint-forked", hour }];
  const fewer = next.cases < before.cases || next.entries < before.entries;
  return fewer ? [{ damage: "checkpoint-rolled-back", hour }] : [];
}
