import {
  isOwnKey,
  judgePermitCommand,
  type PermitCommand,
  type PermitVerdict,
} from "../../domain/approval/permit-command.ts";
import { foldPlannedPermit } from "../../domain/approval/planned-permit.ts";
import { recordedPermitVerdict } from "../../domain/approval/recorded-verdict.ts";
import type { Keep } from "../../domain/case/keep.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { type Chain, emptyChain } from "../../domain/ledger/chain.ts";
import { permitChainName } from "../../domain/ledger/chain-name.ts";
import type { PermitName } from "../../domain/ledger/permit-name.ts";
import type { Origin, Voter } from "../../domain/people/vote.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import type { CaseStore } from "../ports/guard.ts";
import { appended, type Judged, judgeAndAppend } from "./judge-and-append.ts";
import { withOrigin } from "./with-origin.ts";

/** What recording a permit command works with. */
export interface PermitDeps {
  readonly cases: Pick<CaseStore, "history" | "permits" | "savePermit">;
  readonly policy: Pick<Policy, "rules" | "default" | "directory">;
  readonly stack: { readonly account: string; readonly region: string };
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Each conflict is a write by someone else: more than the people who act on one permit at the same instant. */
const maxRounds = 10;

interface Recorded {
  readonly verdict: PermitVerdict;
  readonly changed?: PermitName;
}

interface KeyPermits {
  readonly chains: readonly Chain[];
  /** The latest Keep of the key. */
  readonly keep?: Keep;
}

/** Judges a permit command and records it, once. Throws CASE_CHANGED, or what the store throws. */
export async function recordPermit(
  deps: PermitDeps,
  voter: Voter,
  command: PermitCommand,
  origin: Origin = {},
): Promise<Recorded> {
  const keyArn = command.do === "request" ? command.keyArn : command.name.keyArn;
  if (!isOwnKey(keyArn, deps.stack)) return { verdict: { kind: "refused", why: "foreign-key" } };
  return await judgeAndAppend({
    clock: deps.clock,
    maxRounds,
    read: async () => await readPermits(deps, keyArn, command),
    judge: (found, now) => judge(deps, keyArn, found, { command, voter, now }, origin),
    gaveUp: () => new GuardError("CASE_CHANGED", "retry", "others kept changing the permit"),
  });
}

/** Reads the permits of a key, and what its cases say of them. */
export async function readPermits(
  { cases }: { readonly cases: Pick<CaseStore, "history" | "permits"> },
  keyArn: KeyArn,
  command: PermitCommand,
): Promise<KeyPermits> {
  const chains = await cases.permits(keyArn);
  // Only an approval depends on the record of the cases: a revocation must not wait for it.
  const { keep } = command.do === "approve" ? await cases.history(keyArn) : {};
  return { chains, ...(keep && { keep }) };
}

function judge(
  { cases, policy }: PermitDeps,
  keyArn: KeyArn,
  { chains, keep }: KeyPermits,
  submitted: Omit<Parameters<typeof judgePermitCommand>[2], "keep">,
  origin: Origin,
): Judged<Recorded> {
  const recorded = recordedAmong(chains, policy, origin);
  if (recorded !== undefined) return { outcome: recorded };
  if (origin.unverified !== undefined) return { outcome: { verdict: { kind: "refused", why: "proof-expired" } } };
  const known = chains.flatMap((chain) => foldPlannedPermit(chain) ?? []);
  const { entries, number, verdict } = judgePermitCommand(known, policy, { ...submitted, ...(keep && { keep }) });
  if (entries.length === 0) return { outcome: { verdict } };
  const before =
    chains.find((chain) => foldPlannedPermit(chain)?.number === number) ??
    emptyChain(permitChainName(keyArn, { by: "request", number }));
  const change = appended(before, withOrigin(entries, origin), submitted.now);
  return { outcome: { verdict, changed: { keyArn, number } }, save: async () => await cases.savePermit(change) };
}

/** Returns what a permit of the key has on record of the request, if any. */
function recordedAmong(
  chains: readonly Chain[],
  policy: PermitDeps["policy"],
  { requestId }: Origin,
): Recorded | undefined {
  for (const chain of chains) {
    const [verdict, permit] = [recordedPermitVerdict(chain, requestId, policy), foldPlannedPermit(chain)];
    if (verdict !== undefined && permit !== undefined)
      return { verdict, changed: { keyArn: permit.keyArn, number: permit.number } };
  }
  return undefined;
}
