import { foldChangePermit } from "../../domain/approval/change-permit.ts";
import {
  type ChangePermitCommand,
  type ChangePermitVerdict,
  judgeChangePermit,
} from "../../domain/approval/change-permit-command.ts";
import { isOwnKey } from "../../domain/approval/permit-command.ts";
import { recordedChangePermitVerdict } from "../../domain/approval/recorded-verdict.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { type Chain, emptyChain } from "../../domain/ledger/chain.ts";
import { changePermitChainName } from "../../domain/ledger/chain-name.ts";
import type { ChangePermitName } from "../../domain/ledger/change-permit-name.ts";
import type { Subject } from "../../domain/operations/subject.ts";
import type { Origin, Voter } from "../../domain/people/vote.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import type { ChangePermitBook } from "../ports/change.ts";
import { appended, type Judged, judgeAndAppend } from "./judge-and-append.ts";
import { withOrigin } from "./with-origin.ts";

/** What recording a command about a permit for a change works with. */
export interface ChangePermitDeps {
  readonly permits: ChangePermitBook;
  readonly policy: Pick<Policy, "changeRules" | "directory">;
  readonly stack: { readonly account: string; readonly region: string };
  /** ms since the epoch. */
  readonly clock: () => number;
}

/** Each conflict is a write by someone else: more than the people who act on one permit at the same instant. */
const maxRounds = 10;

interface Recorded {
  readonly verdict: ChangePermitVerdict;
  readonly changed?: ChangePermitName;
}

/** Judges a command about a permit for a change and records it, once. Throws CASE_CHANGED, or what the store throws. */
export async function recordChangePermit(
  deps: ChangePermitDeps,
  voter: Voter,
  command: ChangePermitCommand,
  origin: Origin = {},
): Promise<Recorded> {
  if (!isOwnSubject(command, deps.stack)) return { verdict: { kind: "refused", why: "foreign-key" } };
  return await judgeAndAppend({
    clock: deps.clock,
    maxRounds,
    read: async () => await readChangePermits(deps, command),
    judge: (chains, now) => judge(deps, chains, { command, voter, now }, origin),
    gaveUp: () => new GuardError("CASE_CHANGED", "retry", "others kept changing the permit"),
  });
}

/** Reads what a command is judged by: the one permit that it names, or those that were requested beforehand. Throws what the store throws. */
export async function readChangePermits(
  { permits }: Pick<ChangePermitDeps, "permits">,
  command: ChangePermitCommand,
): Promise<readonly Chain[]> {
  if (command.do === "request") return await permits.list(command, Number.MAX_SAFE_INTEGER);
  const chain = await permits.read(command.name);
  return chain === undefined ? [] : [chain];
}

/** Whether what a command is about lies in the stack's own account and Region; an alias and a setting always do. */
export function isOwnSubject(command: ChangePermitCommand, stack: ChangePermitDeps["stack"]): boolean {
  const subject: Subject = command.do === "request" ? command.subject : command.name.subject;
  return subject.kind !== "key" || isOwnKey(subject.keyArn, stack);
}

function judge(
  { permits, policy }: ChangePermitDeps,
  chains: readonly Chain[],
  submitted: Parameters<typeof judgeChangePermit>[2],
  origin: Origin,
): Judged<Recorded> {
  for (const chain of chains) {
    const verdict = recordedChangePermitVerdict(chain, origin.requestId, policy);
    const changed = foldChangePermit(chain)?.name;
    if (verdict !== undefined && changed !== undefined) return { outcome: { verdict, changed } };
  }
  if (origin.unverified !== undefined) return { outcome: { verdict: { kind: "refused", why: "proof-expired" } } };
  const known = chains.flatMap((chain) => foldChangePermit(chain) ?? []);
  const { entries, name, verdict } = judgeChangePermit(known, policy, submitted);
  if (entries.length === 0 || name === undefined) return { outcome: { verdict } };
  const chainName = changePermitChainName(name);
  const before = chains.find((chain) => chain.name === chainName) ?? emptyChain(chainName);
  const change = appended(before, withOrigin(entries, origin), submitted.now);
  return { outcome: { verdict, changed: name }, save: async () => await permits.save(change) };
}
