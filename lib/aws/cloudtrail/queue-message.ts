import * as v from "valibot";
import type { DeletionAttempt, DeletionRequest, DeletionTarget, KeyHint } from "../../domain/deletion/request.ts";
import type { Disposition, GuardErrorCode } from "../../domain/guard-error.ts";
import { type KeyArn, keyArnParts } from "../../domain/key/key-arn.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import { quoted } from "../../domain/printable-text.ts";
import { envelopeSource, eventSource, type ServiceDetail } from "./envelope.ts";

/** What one message of the guard queue says, or why it says nothing. */
export type QueueMessage =
  | { readonly kind: "deletion"; readonly request: DeletionRequest }
  | { readonly kind: "attempt"; readonly attempt: DeletionAttempt }
  /** A hint to look at the key again; AWS does not publish which service events there are. */
  | {
      readonly kind: "service-event";
      readonly eventId?: string;
      readonly eventName: string;
      readonly keyArn?: KeyArn;
      readonly hint?: KeyHint;
    }
  /** Something was added to a case of ours. */
  | { readonly kind: "re-evaluate"; readonly name: CaseName }
  /** The sweep asks whether the guard may restore keys. */
  | { readonly kind: "probe" }
  | Refusal;

export interface Refusal {
  readonly kind: "refused";
  readonly code: GuardErrorCode;
  readonly disposition: Disposition;
  readonly message: string;
  /** A key of this stack that the message names all the same: worth a look, whatever else is wrong. */
  readonly hint?: KeyHint;
}

export interface Stack {
  readonly account: string;
  readonly region: string;
}

export function refuse(code: GuardErrorCode, disposition: Disposition, message: string): Refusal {
  return { kind: "refused", code, disposition, message };
}

export function malformed(issues: readonly v.BaseIssue<unknown>[]): Refusal {
  const faults = issues.slice(0, 5).map((issue) => {
    const field = v.getDotPath(issue) ?? "the message";
    return `${field}: ${issue.received === "undefined" ? "is missing" : issue.message.split(" but received")[0]}`;
  });
  return refuse("EVENT_MALFORMED", "dead-letter", faults.join("; "));
}

/** Our rules send nothing of the kind, so someone else writes to the queue: a person should look. */
export function unexpected(field: string, value: string): Refusal {
  return refuse("EVENT_UNEXPECTED", "dead-letter", `${field} ${quoted(value)} is not one that the rules send`);
}

export function wrongSource({
  source,
  detail,
}: {
  source: string;
  detail: { eventSource: string };
}): Refusal | undefined {
  const right = source === envelopeSource && detail.eventSource === eventSource;
  return right ? undefined : unexpected("source", `${source} / ${detail.eventSource}`);
}

/** One stack guards one account and region: the region to act in is the key's own. */
export function refuseElsewhere(
  target: DeletionTarget | undefined,
  detail: ServiceDetail,
  stack: Stack,
): Refusal | undefined {
  const where =
    target === undefined || target.kind === "alias"
      ? { account: detail.recipientAccountId, region: detail.awsRegion }
      : keyArnParts(target.arn);
  if (where.account !== stack.account)
    return refuse(
      "WRONG_ACCOUNT",
      "reject",
      `the key belongs to account ${quoted(where.account)}, not to this stack's`,
    );
  if (where.region !== stack.region)
    return refuse("WRONG_REGION", "reject", `the key belongs to region ${quoted(where.region)}, not to this stack's`);
  return undefined;
}
