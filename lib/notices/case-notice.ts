import { keepRefusal, mayRequestUsageStart, standingOf } from "../domain/approval/dual-control.ts";
import type { Case } from "../domain/case/case.ts";
import { suspectRequests } from "../domain/case/recorded-requesters.ts";
import { keyArnParts } from "../domain/key/key-arn.ts";
import { isSensitive } from "../domain/key/sensitivity.ts";
import type { ApprovalRequested, Entry } from "../domain/ledger/entry.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { VoteWay } from "../domain/people/vote.ts";
import { heldBackText } from "./held-back-text.ts";
import { callPathText, durationText, requesterText, timeText } from "./words.ts";

/** Everything that people need to know of a case, ready to be shown: as a message in Slack, or as text in a mail. */
export interface Notice {
  readonly headline: string;
  /** `alarm`: a key does not work, or is going to die, and somebody should look. */
  readonly tone: "alarm" | "asking" | "good" | "neutral";
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly question?: QuestionNotice;
  /** What a person can do about it now. */
  readonly actions: readonly ("keep" | "approve" | "start-usage")[];
  readonly hints: readonly string[];
}

export interface QuestionNotice {
  readonly approvedBy: readonly string[];
  readonly quorum: number;
  /** The only ways in which an approval counts; absent where every way does. */
  readonly proof?: readonly VoteWay[];
  /** Those who may still approve. */
  readonly eligible: readonly string[];
  /** ms since the epoch; absent once the question is closed. */
  readonly deadline?: number;
}

const maxSuspects = 5;

/** The case as it stands, rendered anew each time: no message is ever changed by what it said before. */
export function caseNotice(state: Case, entries: readonly Entry[], directory: Directory): Notice {
  const asked = entries.findLast((entry) => entry.kind === "approval-requested");
  const usage = state.key?.usage ?? "unknown usage";
  const question = questionOf(state, directory);
  return {
    headline: headlineOf(state, isSensitive(usage)),
    tone: toneOf(state),
    facts: factsOf(state, asked),
    ...(question && { question }),
    actions: actionsOf(state),
    hints: hintsOf(state, asked),
  };
}

function headlineOf(state: Case, sensitive: boolean): string {
  const keyText = sensitive ? "Sensitive payment key" : "Payment key";
  return `${keyText}: ${stateOf(state)}`;
}

/** Whether somebody can or should do something about the case: that takes a message of its own. */
export function needsPeople({ tone, actions }: Notice): boolean {
  return tone === "asking" || actions.length > 0;
}

/** Where the case stands, in a few words. */
export function stateOf(state: Case): string {
  const { over, settled, question, kept, allowed, restore, decision, failed, whyLeftDisabled } = state;
  if (over === "key-destroyed") return "destroyed";
  if (over === "restored-by-others") return "deleted, and restored by others";
  if (over === "deletion-superseded") return "deleted again: see the new case";
  if (settled === "key-left-disabled" && whyLeftDisabled === "stopped-before-deletion")
    return "restored, still disabled: stopped before it was deleted";
  if (settled === "key-left-disabled") return "restored, still disabled";
  const asking = question?.state === "open" && !kept;
  if (settled === "key-usable") return asking ? "restored and usable: deletion awaits approval" : "restored and usable";
  if (asking) return "key unusable, deletion scheduled: approval needed";
  if (decision?.mode === "observe") return "scheduled for deletion (observe mode: nothing is done)";
  if (allowed) return "deletion allowed";
  if (restore !== "none" && failed.restore > 0) return "deleted, and restoring it fails";
  return "deleted, being restored";
}

function toneOf({ over, settled, question, allowed, decision }: Case): Notice["tone"] {
  if (question?.state === "open" && over === undefined) return "asking";
  if (over !== undefined) return over === "key-destroyed" && !allowed ? "alarm" : "neutral";
  if (settled === "key-usable") return "good";
  return allowed || decision?.mode === "observe" ? "neutral" : "alarm";
}

function factsOf(state: Case, asked: ApprovalRequested | undefined): (readonly [string, string])[] {
  const { key, keyArn, requests, deletePendingAt, decision, generation } = state;
  const request = requests.at(-1);
  const aliases = asked?.aliases ?? decision?.aliases;
  const tags = asked?.tags ?? decision?.tags;
  const named = request?.target.kind === "alias" ? [request.target.alias] : [];
  const all: (readonly [string, string | undefined])[] = [
    ["Key", listText(aliases?.listed ?? [], aliases?.count) || named.join(", ") || keyArnParts(keyArn).keyId],
    ["ARN", keyArn],
    ["Usage", key?.usage],
    ["Key check value", key?.kcv],
    [
      "Tags",
      listText(
        Object.entries(tags?.listed ?? {}).map((tag) => tag.join("=")),
        tags?.count,
      ),
    ],
    ["Deleted by", request === undefined ? "not known yet" : requesterText(request.requester)],
    ["Called", request && callPathText(request)],
    ["Also recorded as requester", suspects(state)],
    ["From", request && [request.sourceIp, request.userAgent].filter((part) => part !== undefined).join(", ")],
    ["Deleted at", request && timeText(request.at)],
    [
      "Waiting period",
      request && deletePendingAt === undefined
        ? undefined
        : request && durationText((deletePendingAt ?? 0) - request.at),
    ],
    ["Would be destroyed after", deletePendingAt === undefined ? undefined : timeText(deletePendingAt)],
    ["Rule", decision && `${decision.rule} (${decision.effect.outcome})`],
    ["Label age", decision?.heldBack && heldBackText(decision.heldBack)],
    ["Case", `${keyArnParts(keyArn).keyId} no. ${generation}`],
  ];
  return all.flatMap(([label, value]) => (value === undefined || value === "" ? [] : [[label, value] as const]));
}

/** Returns those who may not approve because an unattributed record names them. */
function suspects(state: Case): string {
  const names = new Set(suspectRequests(state).map(({ requester }) => requesterText(requester)));
  return `${[...names].slice(0, maxSuspects).join(", ")}${names.size > maxSuspects ? ", ..." : ""}`;
}

/** The parts of a list that are on record, and how many more there are. */
function listText(listed: readonly string[], count = listed.length): string {
  const more = count - listed.length;
  if (listed.length === 0) return "";
  return more > 0 ? `${listed.join(", ")} and ${more} more` : listed.join(", ");
}

function questionOf(state: Case, directory: Directory): QuestionNotice | undefined {
  const { question, over, decision } = state;
  if (question === undefined) return undefined;
  const { approvedBy, eligible, quorum } = standingOf(state, directory);
  const proof = decision?.effect.outcome === "ask" ? decision.effect.approval.proof : undefined;
  const open = question.state === "open" && over === undefined;
  return {
    approvedBy,
    quorum,
    ...(proof && { proof }),
    eligible: open ? eligible.filter((person) => !approvedBy.includes(person)) : [],
    ...(open && { deadline: question.deadline }),
  };
}

function actionsOf(state: Case): Notice["actions"] {
  const { question, over } = state;
  return [
    ...(keepRefusal(state) === undefined ? (["keep"] as const) : []),
    ...(question?.state === "open" && over === undefined ? (["approve"] as const) : []),
    ...(mayRequestUsageStart(state) ? (["start-usage"] as const) : []),
  ];
}

const stopped: readonly (Case["whyLeftDisabled"] | undefined)[] = ["stopped-before-deletion", "disabled-in-inventory"];

function hintsOf(state: Case, asked: ApprovalRequested | undefined): string[] {
  return [...stoppedHint(state), ...terraformHint(state, asked)];
}

/** A deliberate stop is a control: only a person can tell whether it is still needed. */
function stoppedHint(state: Case): string[] {
  return mayRequestUsageStart(state) && stopped.includes(state.whyLeftDisabled)
    ? [
        "This key was stopped BEFORE it was deleted. That may be a response to a compromise: find out who stopped it and why, and start key usage only if the key is not compromised.",
      ]
    : [];
}

/** A key that Terraform saw pending is no longer in its state: docs/aws-facts.md#terraform-drops-pending-keys-from-its-state. */
function terraformHint({ requests, settled }: Case, asked: ApprovalRequested | undefined): string[] {
  const agent = requests.at(-1)?.userAgent ?? "";
  const tags = Object.keys(asked?.tags?.listed ?? {}).join(" ");
  const terraform = /terraform|opentofu/i.test(`${agent} ${tags}`);
  return settled !== undefined && terraform
    ? ["Terraform has dropped this key from its state: run `terraform import` before the next plan."]
    : [];
}
