import type { Case } from "../domain/case/case.ts";
import { suspectRequests } from "../domain/case/recorded-requesters.ts";
import { keyArnParts } from "../domain/key/key-arn.ts";
import type { Entry } from "../domain/ledger/entry.ts";
import { clientText } from "./client-text.ts";
import { heldBackText } from "./held-back-text.ts";
import { keyShort } from "./key-title.ts";
import { callPathText, durationText, requesterText, timeText } from "./words.ts";

export type Fact = readonly [label: string, value: string];

const maxSuspects = 5;

/** Returns the facts of a message: which key, which rule, how much notice. Who deleted it is in the summary. */
export function caseFacts({ key, keyArn, requests, deletePendingAt, decision }: Case): readonly Fact[] {
  const request = requests.at(-1);
  const isDated = request !== undefined && deletePendingAt !== undefined;
  return present([
    ["Key", `${keyShort(keyArn, key?.usage)}${key?.kcv === undefined ? "" : `, KCV ${key.kcv}`}`],
    ["Rule", decision?.rule],
    ["Notice", isDated ? durationText(deletePendingAt - request.at) : undefined],
  ]);
}

/** Returns one line for those who investigate: address, client, and the case as `reprieve cases show` takes it. */
export function traces({ keyArn, requests, generation }: Case): readonly string[] {
  const request = requests.at(-1);
  return [
    ...(request?.sourceIp === undefined ? [] : [request.sourceIp]),
    ...(request?.userAgent === undefined ? [] : [clientText(request.userAgent)]),
    `case ${keyArnParts(keyArn).keyId.slice(-8)}#${generation}`,
  ];
}

/** Returns what is rarely there and then matters: other requesters on record, an unusual call, a rule that did not apply, Terraform. */
export function notesOf(state: Case, entries: readonly Entry[]): readonly string[] {
  const { decision, requests, unknownState, restore } = state;
  const request = requests.at(-1);
  const suspected = suspects(state);
  const called = request === undefined ? "" : callPathText(request);
  return [
    ...(suspected === "" ? [] : [`Also recorded as requester, and so without a vote: ${suspected}`]),
    ...(called === "" ? [] : [`Called ${called}`]),
    ...(decision?.heldBack === undefined ? [] : [heldBackText(decision.heldBack)]),
    ...(unknownState !== undefined && restore !== "none" ? [`The key was in an unknown state: ${unknownState}`] : []),
    ...terraformNote(state, entries),
  ];
}

/** Returns the rest of what is on record. */
export function moreFacts(state: Case, entries: readonly Entry[]): readonly Fact[] {
  const { key, keyArn, requests, deletePendingAt, decision, generation } = state;
  const request = requests.at(-1);
  const tags = tagsOf(state, entries);
  return present([
    ["Usage", key?.usage],
    ["Key check value", key?.kcv],
    [
      "Tags",
      listText(
        Object.entries(tags?.listed ?? {}).map((tag) => tag.join("=")),
        tags?.count,
      ),
    ],
    ["Outcome", decision?.effect.outcome],
    ["Deleted at", request && timeText(request.at)],
    ["From", request && [request.sourceIp, request.userAgent].filter((part) => part !== undefined).join(", ")],
    ["Would be destroyed after", deletePendingAt === undefined ? undefined : timeText(deletePendingAt)],
    ["ARN", keyArn],
    ["Case", `reprieve cases show '${keyArn}#${generation}'`],
  ]);
}

function present(facts: readonly (readonly [string, string | undefined])[]): readonly Fact[] {
  return facts.flatMap(([label, value]) => (value === undefined || value === "" ? [] : [[label, value] as const]));
}

function tagsOf({ decision }: Case, entries: readonly Entry[]) {
  const asked = entries.findLast((entry) => entry.kind === "approval-requested");
  return asked?.tags ?? decision?.tags;
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

/** A key that Terraform saw pending is no longer in its state: docs/aws-facts.md#terraform-drops-pending-keys-from-its-state. */
function terraformNote(state: Case, entries: readonly Entry[]): readonly string[] {
  const agent = state.requests.at(-1)?.userAgent ?? "";
  const tags = Object.keys(tagsOf(state, entries)?.listed ?? {}).join(" ");
  return state.settled !== undefined && /terraform|opentofu/i.test(`${agent} ${tags}`)
    ? ["Terraform has dropped this key from its state: run terraform import before the next plan."]
    : [];
}
