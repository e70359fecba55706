import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as v from "valibot";
import { type KnownState, stateBefore, withSighting } from "../../domain/change/known-state.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { isState } from "../../domain/operations/state.ts";
import { type Subject, subjectText } from "../../domain/operations/subject.ts";
import type { KnownStates } from "../../workflows/ports/change.ts";
import { type Item, numberValue, stringValue } from "./item.ts";
import { parsed } from "./label-part.ts";
import { getItem, saveOnce } from "./store-call.ts";

const time = v.pipe(v.number(), v.finite(), v.minValue(0));
const sighting = v.strictObject({ state: v.exactOptional(v.custom<never>(isState)), since: time, at: time });
const knownSchema = v.strictObject({ last: sighting, other: v.exactOptional(sighting) });

/** How often a note begins again because someone else noted the same subject meanwhile. */
const maxTries = 5;

/** Known states in the table of cases: items `known#<aspect>#<subject>`, each at most 130 KB. A damaged one is as one that is not there. */
export function createKnownStates(client: DynamoDBClient, table: string): KnownStates {
  const read = async (aspect: string, subject: Subject) => await getItem(client, table, keyOf(aspect, subject));
  return {
    before: async (aspect, subject, at) => stateBefore(knownIn(await read(aspect, subject)), at),
    last: async (aspect, subject) => knownIn(await read(aspect, subject))?.last,
    note: async (aspect, subject, state, at, shownAt) => {
      for (let tries = 0; tries < maxTries; tries++) {
        const item = await read(aspect, subject);
        const known = knownIn(item);
        const next = withSighting(known, state, at, shownAt);
        if (next === known) return;
        const written = JSON.stringify(next);
        const update = { Key: keyOf(aspect, subject), ...noteInput(item, written) };
        if ((await saveOnce(client, table, update, ({ sightings }) => sightings?.S === written)) === "saved") return;
      }
      throw new GuardError("STORE_UNAVAILABLE", "retry", `what is known of ${subjectText(subject)} keeps changing`);
    },
  };
}

function keyOf(aspect: string, subject: Subject): Item {
  return { pk: stringValue(`known#${aspect}#${subjectText(subject)}`), sk: numberValue(0) };
}

/** INVARIANT: the item is replaced only as it was read. */
function noteInput(item: Item | undefined, written: string) {
  const before = item?.["sightings"];
  return {
    UpdateExpression: "SET sightings = :next",
    ConditionExpression: before === undefined ? "attribute_not_exists(sightings)" : "sightings = :before",
    ExpressionAttributeValues: { ":next": stringValue(written), ...(before !== undefined && { ":before": before }) },
  };
}

function knownIn(item: Item | undefined): KnownState | undefined {
  return parsed(knownSchema, item?.["sightings"]?.S ?? "");
}
