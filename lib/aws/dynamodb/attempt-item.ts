import type { DeletionAttempt } from "../../domain/deletion/request.ts";
import { canonicalJson } from "../../domain/ledger/canonical-json.ts";
import { principalOf } from "../../domain/people/requester.ts";
import { hourMs } from "../../domain/time.ts";
import { type Item, listValue, numberValue, stringValue, type Update } from "./item.ts";

/** Failed calls kept in full per principal and hour; the rest is counted. */
const maxAttemptsKept = 20;
function attemptKey({ requester, at }: DeletionAttempt): Item {
  return { pk: stringValue(`attempts#${principalOf(requester)}`), sk: numberValue(Math.floor(at / hourMs)) };
}

/** Keeps a failed call, once, while there is room. */
export function attemptInput(attempt: DeletionAttempt): Update {
  return {
    Key: attemptKey(attempt),
    UpdateExpression: "SET attempts = list_append(if_not_exists(attempts, :none), :one) ADD eventIds :ids",
    ConditionExpression: "attribute_not_exists(attempts) OR (size(attempts) < :max AND NOT contains(eventIds, :id))",
    ExpressionAttributeValues: {
      ":none": listValue([]),
      ":one": listValue([canonicalJson(attempt)]),
      ":max": numberValue(maxAttemptsKept),
      ":ids": { SS: [attempt.eventId] },
      ":id": stringValue(attempt.eventId),
    },
  };
}

/** Past the cap only a number is kept; a record delivered twice may then count twice. */
export function overflowInput(attempt: DeletionAttempt): Update {
  return {
    Key: attemptKey(attempt),
    UpdateExpression: "ADD more :one",
    ConditionExpression: "NOT contains(eventIds, :id)",
    ExpressionAttributeValues: { ":one": numberValue(1), ":id": stringValue(attempt.eventId) },
  };
}
