import * as v from "valibot";
import { GuardError } from "../../domain/guard-error.ts";
import { type Burst, noBurst } from "../../notices/burst.ts";
import type { BurstRecord, NoticeRecord, NoticeSubject } from "../../workflows/ports/notices.ts";
import { type Item, numberValue, stringValue } from "./item.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const ref = v.exactOptional(v.pipe(v.string(), v.nonEmpty()));

const posts = v.exactOptional(v.strictObject({ notice: v.string(), count, at: v.number() }));

const noticeSchema: v.GenericSchema<unknown, NoticeRecord> = v.strictObject({
  ref,
  told: count,
  mailed: count,
  escalated: count,
  place: v.exactOptional(v.picklist(["own", "summary"])),
  posts,
  escalationPosts: posts,
  mailedInstead: v.exactOptional(count),
});

const burstSchema: v.GenericSchema<unknown, Burst> = v.strictObject({
  number: count,
  lastAt: v.number(),
  active: v.boolean(),
  members: v.record(
    v.string(),
    v.strictObject({ at: v.number(), state: v.string(), title: v.string(), grouped: v.boolean() }),
  ),
});

const burstRecordSchema: v.GenericSchema<unknown, BurstRecord> = v.strictObject({
  ref,
  shown: v.boolean(),
  mailed: count,
  posts,
  burst: burstSchema,
});

const nothingTold: NoticeRecord = { told: 0, mailed: 0, escalated: 0 };
const nothingShown: BurstRecord = { shown: true, mailed: 0, burst: noBurst };

/** Where a record lies. */
export const noticeKey = ({ series, number }: NoticeSubject): Item => ({
  pk: stringValue(`notice#${series}`),
  sk: numberValue(number),
});
export const burstKey: Item = { pk: stringValue("burst#channel"), sk: numberValue(0) };

/** The record in `item`; an item that is not there yet has told nothing. Throws NOTICE_UNREADABLE. */
export const noticeIn = (item: Item | undefined): NoticeRecord => recordIn(noticeSchema, item, nothingTold);
export const burstIn = (item: Item | undefined): BurstRecord => recordIn(burstRecordSchema, item, nothingShown);

function recordIn<Told>(schema: v.GenericSchema<unknown, Told>, item: Item | undefined, none: Told): Told {
  if (item === undefined) return none;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), item["record"]?.S);
  if (parsed.success) return parsed.output;
  const where = v.getDotPath(parsed.issues[0]) ?? "record";
  throw new GuardError("NOTICE_UNREADABLE", "dead-letter", `what was announced is not readable: \`${where}\``);
}
