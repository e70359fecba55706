import * as v from "valibot";
import { dayMs, minuteMs } from "../time.ts";
import { parseDuration } from "./match/duration.ts";
import { isFields } from "./match/fields.ts";

const minDurationMs = 5 * minuteMs;
const maxDurationMs = 30 * dayMs;

export const text = v.pipe(
  v.string("expected text"),
  v.nonEmpty("expected text that is not empty"),
  v.maxLength(512, "expected at most 512 characters"),
);

/** Every decision that asks a group records its name. */
export const group = v.pipe(text, v.maxLength(64, "expected at most 64 characters"));

/** One value or a list of them. */
export const oneOrMore = <Item extends v.GenericSchema<unknown, string>>(item: Item) => {
  const one = v.pipe(
    item,
    v.transform((value): readonly v.InferOutput<Item>[] => [value]),
  );
  const more = v.pipe(v.array(item), v.nonEmpty("expected at least one value"), v.readonly());
  return v.lazy((value) => (Array.isArray(value) ? more : one));
};

/** valibot's `record` leaves these out without a word, and a condition must never vanish. */
const reserved = ["__proto__", "prototype", "constructor"];
export const named = <Name extends v.GenericSchema<string, string>, Value extends v.GenericSchema>(
  name: Name,
  value: Value,
) =>
  v.pipe(
    v.custom<object>(isFields, "expected names with their values"),
    v.check(
      (names) => !reserved.some((word) => Object.hasOwn(names, word)),
      `expected no name of ${reserved.join(", ")}`,
    ),
    v.record(name, value),
  );

export const patterns = oneOrMore(text);
/** YAML has `true` as a flag, a change has it as text. */
export const changeValues = oneOrMore(
  v.pipe(v.union([text, v.boolean()], "expected text, true or false"), v.transform(String)),
);
export const identities = v.optional(v.array(text, "expected a list"), []);
export const yesOrNo = v.boolean("expected true or false");
export const accountId = v.pipe(
  v.string("expected an account id in quotes"),
  v.regex(/^\d{12}$/, "expected an account id of 12 digits, in quotes"),
);
export const duration = v.pipe(
  v.string("expected a duration such as 24h"),
  v.transform((value) => parseDuration(value) ?? Number.NaN),
  v.check((ms) => ms >= minDurationMs && ms <= maxDurationMs, "expected a duration from 5m to 30d, such as 24h"),
);
