import { caseOf, foldCase } from "../../domain/case/fold.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import { damageText, readChain } from "../../domain/ledger/chain.ts";
import { caseChainName } from "../../domain/ledger/chain-name.ts";
import type { CaseChange, StoredCase } from "../../workflows/ports/guard.ts";
import { holdsAdded } from "./chain-item.ts";
import { earlierIn, earlierValues } from "./earlier-calls.ts";
import { type Item, listValue, numberValue, stringValue, type Update } from "./item.ts";

/** Layout of a case item; a newer one is not read, and never overwritten. */
const format = 1;

export const caseKey = (keyArn: KeyArn, generation: number): Item => ({
  pk: stringValue(`case#${keyArn}`),
  sk: numberValue(generation),
});

/** The case that `item` holds. Throws CASE_UNREADABLE unless every link of its chain holds and it is what it claims to be. */
export function storedCase(item: Item, keyArn: KeyArn): StoredCase {
  const generation = Number(item["sk"]?.N);
  const reading = readChain(
    (item["entries"]?.L ?? []).map((value) => value.S ?? ""),
    caseChainName({ keyArn, generation }),
  );
  const state = reading.ok ? foldCase(reading.chain.entries) : undefined;
  const ownHead = reading.ok && reading.chain.head === item["head"]?.S && item["format"]?.N === String(format);
  if (!reading.ok || !ownHead || state?.keyArn !== keyArn || state.generation !== generation) {
    const damage = reading.ok ? "item and entries differ" : damageText(reading);
    throw new GuardError(
      "CASE_UNREADABLE",
      "retry",
      `case ${generation} of \`${keyArn}\` cannot be trusted: ${damage}`,
    );
  }
  const owner = item["leaseOwner"]?.S;
  const earlier = earlierIn(item);
  return {
    chain: reading.chain,
    ...(owner !== undefined && { lease: { owner, until: Number(item["leaseUntil"]?.N) } }),
    failures: Number(item["failures"]?.N ?? 0),
    ...(item["labelsMissingSince"]?.N !== undefined && { labelsMissingSince: Number(item["labelsMissingSince"].N) }),
    published: Number(item["published"]?.N ?? 0),
    ...(item["dueAt"]?.N !== undefined && { dueAt: Number(item["dueAt"].N) }),
    ...(earlier && { earlier }),
  };
}

/**
 * Returns whether `item` holds what `change` leaves. Others may have added to a case since, unless the write claims it; a write that adds
 * nothing leaves only the head and the claim to compare.
 */
export function isOwnWrite(item: Item, change: CaseChange): boolean {
  if (change.lease === undefined && holdsAdded(item, change)) return true;
  return item["head"]?.S === change.chain.head && item["leaseOwner"]?.S === change.lease?.owner;
}

/** Moves the publish cursor; with `closed` only if nobody has added to the case, which is due no more then. */
export function publishedInput(name: CaseName, count: number, closed: boolean): Update {
  return {
    Key: caseKey(name.keyArn, name.generation),
    UpdateExpression: `SET published = :count${closed ? " REMOVE dueAt" : ""}`,
    ConditionExpression: closed
      ? "#version = :count AND attribute_not_exists(leaseOwner)"
      : "attribute_exists(pk) AND (attribute_not_exists(published) OR published < :count)",
    ...(closed && { ExpressionAttributeNames: { "#version": "version" } }),
    ExpressionAttributeValues: { ":count": numberValue(count) },
  };
}

/** Sets an item apart that this version cannot trust; nothing of what it holds is touched. */
export function quarantineInput(Key: Item): Update {
  return {
    Key,
    UpdateExpression: "SET #status = :quarantined REMOVE dueAt",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":quarantined": stringValue("quarantined") },
  };
}

/** One conditional write: new entries, state for the index, and the claim. */
export function saveInput(change: CaseChange): Update {
  const { chain, lease, dueAt, labelsMissingSince } = change;
  const { keep } = caseOf(chain);
  const earlier = change.expectedLength === 0 && change.earlier ? earlierValues(change.earlier) : {};
  const set = [
    "entries = list_append(if_not_exists(entries, :none), :added)",
    "#version = :version",
    "head = :head",
    "#status = :status",
    "failures = :failures",
    "#format = :format",
    "dueAt = :dueAt",
    ...(labelsMissingSince === undefined ? [] : ["labelsMissingSince = :labelsMissingSince"]),
    ...Object.keys(earlier).map((name) => `${name} = :${name}`),
    ...(keep === undefined ? [] : ["keptAt = :keptAt", "keptBy = :keptBy"]),
    ...(lease === undefined ? [] : ["leaseOwner = :owner", "leaseUntil = :leaseUntil"]),
  ];
  const remove = [
    ...(lease === undefined ? ["leaseOwner", "leaseUntil"] : []),
    ...(labelsMissingSince === undefined ? ["labelsMissingSince"] : []),
  ];
  return {
    Key: caseKey(change.keyArn, change.generation),
    UpdateExpression: `SET ${set.join(", ")}${remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""}`,
    ...saveCondition(change),
    ExpressionAttributeNames: { "#version": "version", "#status": "status", "#format": "format" },
    ExpressionAttributeValues: {
      ":none": listValue([]),
      ":added": listValue(chain.texts.slice(change.expectedLength)),
      ":version": numberValue(chain.entries.length),
      ":head": stringValue(chain.head),
      ":status": stringValue(change.status),
      ":failures": numberValue(change.failures),
      ":format": numberValue(format),
      ":dueAt": numberValue(dueAt),
      ...(labelsMissingSince !== undefined && { ":labelsMissingSince": numberValue(labelsMissingSince) }),
      ...Object.fromEntries(Object.entries(earlier).map(([name, value]) => [`:${name}`, value])),
      ...(keep !== undefined && { ":keptAt": numberValue(keep.at), ":keptBy": stringValue(keep.by) }),
      ...(lease !== undefined && { ":leaseUntil": numberValue(lease.until) }),
      ...(change.expectedLength > 0 && {
        ":expected": numberValue(change.expectedLength),
        ":now": numberValue(change.now),
      }),
      ...((change.expectedLength > 0 || lease !== undefined) && { ":owner": stringValue(change.owner) }),
    },
  };
}

function saveCondition({ expectedLength }: CaseChange): { ConditionExpression: string } {
  const unclaimed = "(attribute_not_exists(leaseOwner) OR leaseOwner = :owner OR leaseUntil <= :now)";
  return {
    ConditionExpression: expectedLength === 0 ? "attribute_not_exists(pk)" : `#version = :expected AND ${unclaimed}`,
  };
}
