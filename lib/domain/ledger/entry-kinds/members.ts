import * as v from "valibot";
import { type KeyArn, parseKeyArn } from "../../key/key-arn.ts";
import type { PaymentKey } from "../../key/payment-key.ts";
import { wellFormed } from "../../well-formed.ts";
import { maxFieldBytes, maxWhole } from "../bounded-values.ts";
import type { CaseName } from "../case-name.ts";
import type { RecordedAliases, RecordedTags } from "../recorded-labels.ts";

/** `Type` without the power to change any part of it. */
export type Fixed<Type> = Type extends string | number | boolean
  ? Type
  : Type extends readonly (infer Item)[]
    ? readonly Fixed<Item>[]
    : { readonly [Name in keyof Type]: Fixed<Type[Name]> };

type Same<One, Other> =
  (<Type>() => Type extends One ? 1 : 2) extends <Type>() => Type extends Other ? 1 : 2 ? true : false;

/** Returns `schema` as one of `Type`. Compiles only if it reads the very values of `Type`, each optional member included. */
export const exactly =
  <Type>() =>
  <Schema extends v.GenericSchema>(
    schema: Schema,
    ..._differs: Same<Fixed<v.InferOutput<Schema>>, Fixed<Type>> extends true ? [] : [neverTrue: never]
  ) =>
    schema as unknown as v.GenericSchema<unknown, Type>;

/** The members of each of several kinds, beside those that all of them have. */
export type Kinds = Readonly<Record<string, v.ObjectEntries>>;

type OutputOf<Members extends v.ObjectEntries> = v.InferOutput<v.StrictObjectSchema<Members, undefined>>;
export type OneOf<Name extends string, Options extends Kinds> = {
  [Kind in keyof Options & string]: Fixed<{ [Each in Name]: Kind } & OutputOf<Options[Kind]>>;
}[keyof Options & string];

/** Returns the schema of each of `options`, whose member `name` says which of them an object is; `common` are members of all. */
export function schemasBy(name: string, options: Kinds, common: v.ObjectEntries = {}) {
  const schemas = Object.entries(options).map(
    ([kind, members]) => [kind, v.strictObject({ [name]: v.literal(kind), ...common, ...members })] as const,
  );
  return new Map<unknown, (typeof schemas)[number][1]>(schemas);
}

/** Returns the schema of an object whose member `name` says which of `options` it is. Smaller than valibot's `variant`, which the guard would carry for this alone. */
export function oneOf<const Name extends string, Options extends Kinds>(
  name: Name,
  options: Options,
): v.GenericSchema<unknown, OneOf<Name, Options>> {
  // `options` is for those who describe the schema to others: JSON Schema has no lazy ones.
  const schemas = schemasBy(name, options);
  const none = v.strictObject({ [name]: v.custom(() => false) });
  const schema = v.lazy((value) => schemas.get((value as Partial<Record<string, unknown>> | null)?.[name]) ?? none);
  return Object.assign(schema, { options: schemas }) as unknown as v.GenericSchema<unknown, OneOf<Name, Options>>;
}

const isText = (value: unknown): value is string =>
  typeof value === "string" && wellFormed(value, maxFieldBytes) === value;

/** As long as `append` leaves it. */
export const text = v.custom<string>(isText);
/** A time (ms since the epoch), a duration (ms), or a count. */
export const whole = v.custom<number>((value) => Number.isInteger(value) && Math.abs(Number(value)) <= maxWhole);
/** A part of a whole that is neither nothing nor all of it: 1 to 99. */
export const percent = v.custom<number>((value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 100);
export const flag = v.boolean();
export const texts = v.array(text);
export const keyArn = v.custom<KeyArn>((value) => parseKeyArn(value) !== undefined);
export const caseName = exactly<CaseName>()(v.strictObject({ keyArn, generation: whole }));

export const optionalText = v.exactOptional(text);
export const optionalWhole = v.exactOptional(whole);
export const optionalFlag = v.exactOptional(flag);

export const paymentKey = exactly<PaymentKey>()(
  v.strictObject({
    arn: keyArn,
    usage: text,
    keyClass: text,
    algorithm: text,
    origin: optionalText,
    exportable: optionalFlag,
    kcv: optionalText,
    enabled: flag,
    createdAt: optionalWhole,
    usageStartedAt: optionalWhole,
    usageStoppedAt: optionalWhole,
    multiRegion: v.exactOptional(v.picklist(["PRIMARY", "REPLICA"])),
  }),
);

// valibot's `record` passes over names such as `constructor`, which a tag may have.
export const tagTexts = v.custom<Readonly<Record<string, string>>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isText),
);

export const aliases = exactly<RecordedAliases>()(v.strictObject({ count: whole, sha256: text, listed: texts }));

/** Labels of a key, each absent where nothing asked for it or it could not be read. */
export const labels = {
  tags: v.exactOptional(exactly<RecordedTags>()(v.strictObject({ count: whole, sha256: text, listed: tagTexts }))),
  aliases: v.exactOptional(aliases),
};
