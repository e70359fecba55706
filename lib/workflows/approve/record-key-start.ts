import type { VoteVerdict } from "../../domain/approval/dual-control.ts";
import { judgeKeyStart } from "../../domain/approval/key-start.ts";
import { recordedStartVerdict } from "../../domain/approval/recorded-verdict.ts";
import { foldChange } from "../../domain/change/change-state.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { changeChainName } from "../../domain/ledger/chain-name.ts";
import type { ChangeName } from "../../domain/ledger/change-name.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Origin, Voter } from "../../domain/people/vote.ts";
import type { ChangeBook } from "../ports/change.ts";
import { appended, type Judged, judgeAndAppend } from "./judge-and-append.ts";
import { withOrigin } from "./with-origin.ts";

/** What recording a request to start a stopped key works with. */
export interface KeyStartDeps {
  readonly changes: Pick<ChangeBook, "read" | "save">;
  readonly directory: Directory;
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** A request to start the key that the changes `name` stopped. */
export interface KeyStart {
  readonly name: ChangeName;
  readonly reason: string;
}

/** Remediation writes to the same chain while changes come in. */
const maxRounds = 10;

/** Judges a request to start a stopped key and records it, once. Throws CASE_UNKNOWN, CASE_CHANGED, or what the store throws. */
export async function recordKeyStart(
  deps: KeyStartDeps,
  voter: Voter,
  { name, reason }: KeyStart,
  origin: Origin = {},
): Promise<VoteVerdict> {
  return await judgeAndAppend({
    clock: deps.clock,
    maxRounds,
    read: async () => await readChanges(deps, name),
    judge: (chain, now) => judge(deps, chain, { voter, reason, now }, origin),
    gaveUp: () => new GuardError("CASE_CHANGED", "retry", `others kept changing \`${changeChainName(name)}\``),
  });
}

/** Reads the chain of changes that a request is about. Throws CASE_UNKNOWN, or what the store throws. */
export async function readChanges({ changes }: { readonly changes: Pick<ChangeBook, "read"> }, name: ChangeName) {
  const chain = await changes.read(name);
  if (chain !== undefined) return chain;
  throw new GuardError("CASE_UNKNOWN", "reject", `there is no chain \`${changeChainName(name)}\``);
}

function judge(
  { changes, directory }: KeyStartDeps,
  chain: Chain,
  { voter, reason, now }: { readonly voter: Voter; readonly reason: string; readonly now: number },
  origin: Origin,
): Judged<VoteVerdict> {
  const recorded = recordedStartVerdict(chain, origin.requestId);
  if (recorded !== undefined) return { outcome: recorded };
  if (origin.unverified !== undefined) return { outcome: { kind: "refused", why: "proof-expired" } };
  const state = foldChange(chain);
  if (state === undefined) return { outcome: { kind: "refused", why: "too-late" } };
  const { entries, verdict } = judgeKeyStart(state, directory, voter, reason);
  if (entries.length === 0) return { outcome: verdict };
  const change = appended(chain, withOrigin(entries, origin), now);
  return { outcome: verdict, save: async () => await changes.save(change) };
}
