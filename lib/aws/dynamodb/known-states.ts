import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isSameState, type State } from "../../domain/operations/state.ts";
import { subjectText } from "../../domain/operations/subject.ts";
import type { KnownStates } from "../../workflows/ports/change.ts";
import { jsonOr, objectOr } from "../json.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { getItem, saveOnce } from "./store-call.ts";

interface Sighting {
  readonly state: State;
  readonly at: number;
}

/** What the inventory saw, in the table of the cases: one item for each aspect of each subject. */
export function createKnownStates(client: DynamoDBClient, table: string): KnownStates {
  const keyOf = (aspect: string, subject: Parameters<KnownStates["before"]>[1]): Item => ({
    pk: stringValue(`known#${aspect}#${subjectText(subject)}`),
    sk: numberValue(0),
  });
  return {
    before: async (aspect, subject, at) => {
      const { last, other } = sightingsIn(await getItem(client, table, keyOf(aspect, subject)));
      return [last, other].find((each) => each !== undefined && each.at < at)?.state;
    },
    note: async (aspect, subject, state, at) => {
      const Key = keyOf(aspect, subject);
      const { last, other } = sightingsIn(await getItem(client, table, Key));
      if (last !== undefined && last.at >= at) return;
      const before = last !== undefined && !isSameState(last.state, state) ? last : other;
      const text = JSON.stringify({ last: { state, at }, ...(before !== undefined && { other: before }) });
      const update = {
        Key,
        UpdateExpression: "SET seen = :seen, seenAt = :at",
        ConditionExpression: "attribute_not_exists(pk) OR seenAt < :at",
        ExpressionAttributeValues: { ":seen": stringValue(text), ":at": numberValue(at) },
      };
      await saveOnce(client, table, update, (item) => item["seen"]?.S === text);
    },
  };
}

function sightingsIn(item: Item | undefined): { readonly last?: Sighting; readonly other?: Sighting } {
  const { last, other } = objectOr(jsonOr(item?.["seen"]?.S ?? "")) ?? {};
  return { ...(isSighting(last) && { last }), ...(isSighting(other) && { other }) };
}

function isSighting(value: unknown): value is Sighting {
  const { state, at } = objectOr(value) ?? {};
  return state !== undefined && typeof at === "number";
}
