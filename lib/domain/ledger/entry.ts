import * as v from "valibot";
import type { ChainName } from "./chain-name.ts";
import { changeKinds } from "./entry-kinds/change.ts";
import { changePermitKinds } from "./entry-kinds/change-permit.ts";
import { decisionKinds } from "./entry-kinds/decision.ts";
import { deletionKinds } from "./entry-kinds/deletion.ts";
import { lockOutKinds } from "./entry-kinds/lock-out.ts";
import { logKinds } from "./entry-kinds/log.ts";
import { type OneOf, schemasBy, text, whole } from "./entry-kinds/members.ts";
import { pauseKinds } from "./entry-kinds/pause.ts";
import { permitKinds } from "./entry-kinds/permit.ts";
import { questionKinds } from "./entry-kinds/question.ts";
import { restoreKinds } from "./entry-kinds/restore.ts";
import { stackKinds } from "./entry-kinds/stack.ts";

/** The one list of the kinds of entries, each with its members. A new kind is added in `entry-kinds/`; its fold, its size limit and its sentences do not compile until they are written. */
const entryKinds = {
  ...deletionKinds,
  ...decisionKinds,
  ...restoreKinds,
  ...lockOutKinds,
  ...questionKinds,
  ...permitKinds,
  ...pauseKinds,
  ...changeKinds,
  ...stackKinds,
  ...changePermitKinds,
  ...logKinds,
};

type EntryKinds = typeof entryKinds;
export type EntryKind = keyof EntryKinds;

/** What an entry of one kind says. */
export type BodyOf<Kind extends EntryKind> = OneOf<"kind", Pick<EntryKinds, Kind>>;

/** What one entry says. Entries are evidence: they are added, never changed. Times are ms since the epoch. */
export type EntryBody = BodyOf<EntryKind>;

/** One link of the chain `chain`: `prev` is the SHA-256 of the canonical JSON of the entry before it. */
export type EntryOf<Kind extends EntryKind> = BodyOf<Kind> & {
  readonly chain: ChainName;
  readonly seq: number;
  readonly at: number;
  readonly prev: string;
};
export type Entry = EntryOf<EntryKind>;

export type DeletionDetected = BodyOf<"deletion-detected">;
export type DetectionSource = DeletionDetected["source"];
export type WhyUnconfirmed = BodyOf<"requester-unconfirmed">["why"];
export type Decided = BodyOf<"decided">;
export type VoteCast = BodyOf<"vote-cast">;
export type UsageEvidence = BodyOf<"usage-start-intended">["evidence"];
export type WhyLeftDisabled = BodyOf<"key-left-disabled">["why"];
export type WhyWithheld = BodyOf<"permit-withheld">["why"];
export type WhyLockOutLeft = BodyOf<"lock-out-left">["why"];
export type ChangeDetected = BodyOf<"change-detected">;
export type WhyRevertLeft = BodyOf<"revert-left">["why"];
export type GuardedEffect = BodyOf<"effect-failed">["effect"];

const frame = { chain: text, seq: whole, at: whole, prev: text };
/** The schema of an entry of each kind, with the members that all of them have. */
export const entrySchemas = schemasBy("kind", entryKinds, frame);

/** Returns whether this version knows entries of `kind`; a newer one may have written others. */
export function isEntryKind(kind: unknown): kind is EntryKind {
  return entrySchemas.has(kind);
}

/**
 * Returns the path of the first member of `entry` that is unknown to its kind, missing or malformed (`request.requester.arn`), or undefined
 * if the entry matches.
 */
export function wrongMember(entry: { readonly kind?: unknown }): string | undefined {
  const schema = entrySchemas.get(entry.kind);
  if (schema === undefined) return "kind";
  const parsed = v.safeParse(schema, entry, { abortEarly: true });
  return parsed.success ? undefined : (v.getDotPath(parsed.issues[0]) ?? "");
}
