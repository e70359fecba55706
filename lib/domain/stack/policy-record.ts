import { append, type Chain, emptyChain } from "../ledger/chain.ts";
import { policyChainName } from "../ledger/chain-name.ts";
import type { BodyOf, EntryBody } from "../ledger/entry.ts";
import { piecesOf } from "./pieces.ts";

/** What a function runs with. */
export interface PolicyInForce {
  readonly policyHash: string;
  readonly mode: "observe" | "enforce";
  readonly guardVersion: string;
  /** Who deployed it, as the command that deploys stated. */
  readonly claimedDeployer?: string;
  /** The canonical JSON of the policy. */
  readonly text: string;
}

/** Pieces of one entry: less than 48 KB, and a line of the log takes 60,000 bytes. */
const piecesOfEntry = 30;
/** Pieces of one chain: 250 KB, and an item of the table takes 400 KB. */
const maxPieces = 165;

/** Returns what the newest chain of policies says is in force, or undefined for a chain of something else. */
export function policyIn({ entries: [first] }: Chain): BodyOf<"policy-in-force"> | undefined {
  return first?.kind === "policy-in-force" ? first : undefined;
}

/** The newest policy on record, with its chain unless that cannot be trusted. */
export interface LatestPolicy {
  readonly number: number;
  readonly chain?: Chain;
}

/** Returns the chain that records `policy`, unless `latest` does already. One that cannot be trusted is followed by the next number. */
export function policyRecord(latest: LatestPolicy | undefined, policy: PolicyInForce, now: number): Chain | undefined {
  const before = latest?.chain && policyIn(latest.chain);
  const { text, ...inForce } = policy;
  if (before?.policyHash === policy.policyHash && before.guardVersion === policy.guardVersion) return undefined;
  const number = (latest?.number ?? 0) + 1;
  const all = piecesOf(text);
  const [pieces = [], ...more] = all.length > maxPieces ? [] : chunks(all, piecesOfEntry);
  const bodies: readonly EntryBody[] = [
    { kind: "policy-in-force", number, ...inForce, ...(before && { before: before.policyHash }), pieces },
    ...more.map((each) => ({ kind: "policy-text" as const, pieces: each })),
  ];
  return bodies.reduce((chain, body) => append(chain, body, now), emptyChain(policyChainName(number)));
}

/** Returns the text of a recorded policy, or undefined where it was too large to be kept. */
export function policyTextIn({ entries }: Chain): string | undefined {
  const pieces = entries.flatMap((entry) =>
    entry.kind === "policy-in-force" || entry.kind === "policy-text" ? entry.pieces : [],
  );
  return pieces.length === 0 ? undefined : pieces.join("");
}

function chunks<Each>(list: readonly Each[], size: number): readonly (readonly Each[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}
