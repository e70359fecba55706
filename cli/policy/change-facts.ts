import { changeIn } from "../../lib/aws/cloudtrail/change-record.ts";
import { serviceEventType } from "../../lib/aws/cloudtrail/envelope.ts";
import { asEnvelope } from "../../lib/aws/cloudtrail/event.ts";
import { withoutEmpties } from "../../lib/aws/cloudtrail/without-empties.ts";
import { objectOr } from "../../lib/aws/json.ts";
import { parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import type { KnownKey } from "../../lib/domain/key/payment-key.ts";
import { deletionName } from "../../lib/domain/operations/delete/name.ts";
import type { Operation, ReadChange, SeenChange } from "../../lib/domain/operations/operation.ts";
import { operationOf } from "../../lib/domain/operations/registry.ts";
import { mayDecideOtherwise } from "../../lib/domain/policy/change-facts.ts";
import type { JudgedChange } from "../../lib/domain/policy/judge-change.ts";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import type { RecordedChange } from "../../lib/workflows/ports/change.ts";
import { type KeyFacts, keyInRecord } from "./key-facts.ts";

/** One change as a record reports it. What the key, the alias or the setting was before is in no record. */
export interface ChangeInRecord {
  readonly operation: Operation;
  readonly recorded: RecordedChange;
  /** The ARN of the key, the alias, or `account`. */
  readonly subject: string;
  /** Undefined for a record that does not say what was changed. */
  readonly change: ReadChange | undefined;
  readonly key: KnownKey;
  readonly hasKey: boolean;
}

/**
 * Returns the change that an event of EventBridge or a bare record of CloudTrail names, or undefined for anything else, such as a deletion or a call
 * that failed. `known` of the key beats what the record says.
 */
export function changeInRecord(raw: unknown, known?: KeyFacts): ChangeInRecord | undefined {
  const json = withoutEmpties(raw);
  const record = objectOr(objectOr(json)?.["detail"]) ?? objectOr(json);
  if (record === undefined) return undefined;
  const stack = { account: String(record["recipientAccountId"]), region: String(record["awsRegion"]) };
  const recorded = changeIn(objectOr(json)?.["detail"] === undefined ? enveloped(record) : json, stack);
  const operation = recorded && operationOf(recorded.call.name, recorded.isServiceEvent);
  if (recorded === undefined || operation === undefined || operation.name === deletionName) return undefined;
  const change = operation.read(recorded.call);
  const subject = subjectOf(change);
  const key = known?.key ?? keyInRecord(recorded.call.answer)?.key ?? keyNamed(subject);
  const placeholder = `arn:aws:payment-cryptography:${stack.region}:${stack.account}:key/0000000000000000`;
  return {
    ...{ operation, recorded, subject, change, hasKey: key !== undefined },
    key: key ?? { arn: placeholder as KnownKey["arn"] },
  };
}

/** Returns a change as `policy` judges it by its record alone: labels, related keys and the state before are unknown. */
export function judgedChange(policy: Policy, inRecord: ChangeInRecord): JudgedChange {
  const { operation, recorded, change, key, hasKey } = inRecord;
  const { at, requester: identity, sourceIp } = recorded;
  const requester = { identity, at, ...(sourceIp !== undefined && { sourceIp }) };
  const unlabeled = { tags: "unreadable", aliases: "unreadable", labelAge: "not-seen" } as const;
  const seen = seenIn(policy, inRecord);
  const facts = { key, requester, ...unlabeled, change: change === undefined ? {} : operation.facts(seen) };
  return { operation: operation.name, weight: change === undefined ? "grave" : operation.weight(seen), facts, hasKey };
}

function seenIn(policy: Policy, { recorded: { call, at }, change, key }: ChangeInRecord): SeenChange {
  const { usage, keyClass, algorithm } = key;
  const isKnown = usage !== undefined && keyClass !== undefined && algorithm !== undefined;
  return {
    ...{ change: change ?? { subject: { kind: "account" } }, call: call.name, at, related: {} },
    ...(change?.after !== undefined && { after: change.after }),
    ...(isKnown && { key: { enabled: true, ...key, usage, keyClass, algorithm } }),
    decidesOtherwise: mayDecideOtherwise(policy, change?.details ?? {}),
  };
}

function enveloped(record: Readonly<Record<string, unknown>>): object {
  const envelope = asEnvelope(record);
  return record["eventType"] === "AwsServiceEvent" ? { ...envelope, "detail-type": serviceEventType } : envelope;
}

function subjectOf(change: ReadChange | undefined): string {
  const subject = change?.subject;
  if (subject === undefined || subject.kind === "account") return "account";
  return subject.kind === "key" ? subject.keyArn : subject.alias;
}

function keyNamed(subject: string): KnownKey | undefined {
  const arn = parseKeyArn(subject);
  return arn && { arn };
}
