import type { DeletionTarget, KeyHint } from "../../domain/deletion/request.ts";
import { type KeyArn, parseKeyArn } from "../../domain/key/key-arn.ts";
import { objectOr } from "../json.ts";
import type { Detail, ServiceDetail } from "./envelope.ts";
import { keyArnIn, keyNamedIn, type TextPlace } from "./key-in-text.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * Returns the key that a record of a call names. Proof of the call is only an ARN where CloudTrail is known to deliver one: anything
 * else that names a key of `place` is a reason to look at that key, and no more.
 */
export function targetOf(detail: Detail, place: TextPlace): DeletionTarget | undefined {
  const arn = keyInCall(detail) ?? resourceArns(detail)[0];
  return arn === undefined ? hintIn(detail, place) : { kind: "arn", arn };
}

/**
 * Returns the key of `place` that a record names in any form, whether or not it is understood otherwise. Only a whole ARN counts where the
 * record says that it is of another account or Region. `text` is where to look: if not given, the answer first, which no caller chooses.
 */
export function hintIn(record: Members, place: TextPlace, text = whereKeysAreNamed(record)): KeyHint | undefined {
  const { awsRegion = place.region, recipientAccountId = place.account } = record;
  const here = awsRegion === place.region && recipientAccountId === place.account;
  return here ? keyNamedIn(text, place) : keyArnIn(text, place);
}

function whereKeysAreNamed({ responseElements, requestParameters, serviceEventDetails, resources }: Members): string {
  return JSON.stringify([responseElements, requestParameters, serviceEventDetails, resources]);
}

/** Returns the ARN that a call was answered with, or was made for. */
function keyInCall({ responseElements, requestParameters }: Detail): KeyArn | undefined {
  const answered = objectOr(objectOr(responseElements)?.["key"])?.["keyArn"];
  return parseKeyArn(answered) ?? parseKeyArn(objectOr(requestParameters)?.["keyIdentifier"]);
}

const aliasName = /^alias\/[a-zA-Z0-9/_-]{1,250}$/;

/** Returns the alias by which a call named its key, or undefined for a call by ARN or by anything that is no alias. */
export function aliasInCall({ requestParameters }: Detail): string | undefined {
  const named = objectOr(requestParameters)?.["keyIdentifier"];
  return typeof named === "string" && aliasName.test(named) ? named : undefined;
}

/** Where a service event names its key is not published: returns the first ARN in every place that could hold one, two levels deep. */
export function keyInServiceEvent(detail: ServiceDetail): KeyArn | undefined {
  const places = [detail.serviceEventDetails, detail.requestParameters, detail.responseElements];
  const values = places.flatMap((place) => Object.values(objectOr(place) ?? {}));
  const nested = values.flatMap((value) => Object.values(objectOr(value) ?? {}));
  const [named] = [...values, ...nested].flatMap((value) => parseKeyArn(value) ?? []);
  return named ?? resourceArns(detail)[0];
}

function resourceArns({ resources }: Pick<Detail, "resources">): KeyArn[] {
  if (!Array.isArray(resources)) return [];
  return resources.slice(0, 20).flatMap((resource) => parseKeyArn(objectOr(resource)?.["ARN"]) ?? []);
}
