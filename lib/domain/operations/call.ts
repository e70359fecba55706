import { type KeyArn, parseKeyArn } from "../key/key-arn.ts";

/** The members of an object that CloudTrail recorded: none of them is checked. */
export type Members = Readonly<Partial<Record<string, unknown>>>;

/** A successful call, or a service event, as far as an operation reads it. */
export interface Call {
  /** `eventName`. */
  readonly name: string;
  /** `requestParameters`, or no members. */
  readonly parameters: Members;
  /** `responseElements`, or no members. */
  readonly answer: Members;
  /** `serviceEventDetails`, or no members. */
  readonly details: Members;
}

/** Longest text (characters) that is read from a record: an ARN, an alias, the name of a Region. */
const maxText = 512;
/** Most items that are read from a list of a record. */
const maxItems = 64;

/** Returns the members of `value`, or none where it is no object. */
export function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

/** Returns `value` where it is a text of at most 512 characters. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= maxText ? value : undefined;
}

/** Returns the texts in a list, at most 64, sorted and each once. */
export function textsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return [...new Set(value.slice(0, maxItems).flatMap((item) => textOf(item) ?? []))].sort();
}

const aliasName = /^alias\/[a-zA-Z0-9/_-]{1,250}$/;

/** Returns `value` where it is the name of an alias. */
export function aliasOf(value: unknown): string | undefined {
  return typeof value === "string" && aliasName.test(value) ? value : undefined;
}

/** Returns the key that a call names by `keyIdentifier` or `resourceArn`, or a service event by `keyArn`; the ARN of an answer first, which no caller chooses. */
export function keyNamedBy({ parameters, answer, details }: Call): KeyArn | { readonly alias: string } | undefined {
  const named = parameters["keyIdentifier"] ?? parameters["resourceArn"];
  const answered = parseKeyArn(membersOf(answer["key"])["keyArn"]) ?? parseKeyArn(answer["resourceArn"]);
  const arn = answered ?? parseKeyArn(named) ?? parseKeyArn(details["keyArn"]);
  if (arn !== undefined) return arn;
  const alias = aliasOf(named);
  return alias === undefined ? undefined : { alias };
}
