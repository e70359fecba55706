import type { DeletionTarget } from "../domain/deletion-request.ts";
import { type KeyArn, parseKeyArn } from "../domain/key-arn.ts";
import type { Detail } from "./cloudtrail-envelope.ts";
import { objectOr } from "./json.ts";

/** Where a service event names its key is not published: every place that could hold one, two levels deep. */
export function keyInServiceEvent(detail: Detail): KeyArn | undefined {
  const places = [detail.serviceEventDetails, detail.requestParameters, detail.responseElements];
  const values = places.flatMap((place) => Object.values(objectOr(place) ?? {}));
  const nested = values.flatMap((value) => Object.values(objectOr(value) ?? {}));
  const [named] = [...values, ...nested].flatMap((value) => parseKeyArn(value) ?? []);
  return named ?? resourceArns(detail)[0];
}

/** The key that a record of a call speaks of: by ARN where there is one, else by alias. */
export function targetOf(detail: Detail): DeletionTarget | undefined {
  const arn = keyInCall(detail) ?? resourceArns(detail)[0];
  if (arn !== undefined) return { kind: "arn", arn };
  const alias = aliasFrom(objectOr(detail.requestParameters)?.["keyIdentifier"], detail);
  return alias === undefined ? undefined : { kind: "alias", alias };
}

/** The ARN that a call was answered with, or was made for. */
export function keyInCall(detail: Pick<Detail, "responseElements" | "requestParameters">): KeyArn | undefined {
  const answered = objectOr(objectOr(detail.responseElements)?.["key"])?.["keyArn"];
  return parseKeyArn(answered) ?? parseKeyArn(objectOr(detail.requestParameters)?.["keyIdentifier"]);
}

function aliasFrom(identifier: unknown, { awsRegion, recipientAccountId }: Detail): string | undefined {
  if (typeof identifier !== "string" || identifier.length > 322) return undefined;
  const prefix = `arn:aws:payment-cryptography:${awsRegion}:${recipientAccountId}:`;
  const name = identifier.startsWith(prefix) ? identifier.slice(prefix.length) : identifier;
  return /^alias\/[a-zA-Z0-9/_-]+$/.test(name) ? name : undefined;
}

function resourceArns({ resources }: Detail): KeyArn[] {
  if (!Array.isArray(resources)) return [];
  return resources.slice(0, 20).flatMap((resource) => parseKeyArn(objectOr(resource)?.["ARN"]) ?? []);
}
