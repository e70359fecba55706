import * as v from "valibot";
import { isPermitPrincipal } from "../../domain/approval/permit-command.ts";
import { GuardError } from "../../domain/guard-error.ts";
import { waitingPeriod } from "../../domain/key/waiting-period.ts";
import { canonicalJson, sha256Hex } from "../../domain/ledger/canonical-json.ts";
import { caseNameFrom } from "../../domain/ledger/case-name.ts";
import { changeNameFrom } from "../../domain/ledger/change-name.ts";
import { changePermitNameFrom } from "../../domain/ledger/change-permit-name.ts";
import { subjectFrom } from "../../domain/operations/subject.ts";
import { printableText } from "../../domain/printable-text.ts";
import { minuteMs } from "../../domain/time.ts";
import { caseNameSchema, keyArnSchema, permitNameSchema } from "../events/own-event.ts";
import { jsonOr } from "../json.ts";

const envelope = {
  // Halves of characters have no canonical JSON, and so no digest.
  reason: v.pipe(
    v.string(),
    v.maxLength(500),
    v.check((text) => text.trim() !== "" && text.isWellFormed()),
  ),
  /** ms since the epoch. */
  expiresAt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** The address of the stack that the vote is for: a vote for another one counts for nothing here. */
  audience: v.pipe(v.string(), v.maxLength(300)),
};

const caseVoteSchema = v.strictObject({
  case: v.strictObject(caseNameSchema.entries),
  choice: v.picklist(["approve", "keep"]),
  ...envelope,
});

/** A request for a pause of so many ms, or to end it. */
const pauseVoteSchema = v.strictObject({
  pause: v.union([v.pipe(v.number(), v.safeInteger(), v.minValue(minuteMs)), v.literal("end")]),
  ...envelope,
});

const principal = v.pipe(
  v.string(),
  v.maxLength(600),
  v.check(isPermitPrincipal, "expected the ARN of an IAM user or role"),
);

/** Whom a permit is for. */
const holder = {
  principal,
  roleId: v.exactOptional(v.pipe(v.string(), v.regex(/^AROA[A-Z0-9]{4,124}$/))),
  person: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
  rule: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
};

/** A command about a permit for a planned deletion: request, approve or revoke it. */
const permitVoteSchema = v.strictObject({
  permit: v.union([
    v.strictObject({
      request: v.strictObject({
        keyArn: keyArnSchema,
        ...holder,
        minWaitingMs: v.pipe(
          v.number(),
          v.safeInteger(),
          v.minValue(waitingPeriod.shortest),
          v.maxValue(waitingPeriod.longest),
        ),
      }),
    }),
    v.strictObject({ approve: v.strictObject(permitNameSchema.entries) }),
    v.strictObject({ revoke: v.strictObject(permitNameSchema.entries) }),
  ]),
  ...envelope,
});

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A report of an export of the audit trail. */
const exportVoteSchema = v.strictObject({
  export: v.strictObject({
    from: v.exactOptional(count),
    to: v.exactOptional(count),
    digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    objects: count,
    entries: count,
  }),
  ...envelope,
});

const subjectText = v.pipe(
  v.string(),
  v.maxLength(300),
  v.check((text) => subjectFrom(text) !== undefined),
);
const permitText = v.pipe(
  v.string(),
  v.maxLength(512),
  v.check((text) => changePermitNameFrom(text) !== undefined),
);

/** A command about a permit for a change other than a deletion. */
const changePermitVoteSchema = v.strictObject({
  changePermit: v.union([
    v.strictObject({
      request: v.strictObject({
        operation: v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,31}$/)),
        subject: subjectText,
        ...holder,
        /** The key that an alias may come to name. */
        to: v.exactOptional(keyArnSchema),
      }),
    }),
    v.strictObject({ approve: permitText }),
    v.strictObject({ revoke: permitText }),
  ]),
  ...envelope,
});

/** A request to start a key: the name of a case that left it disabled, or of the changes that stopped it. */
const startVoteSchema = v.strictObject({
  start: v.pipe(
    v.string(),
    v.maxLength(512),
    v.check((text) => (caseNameFrom(text) ?? changeNameFrom(text)) !== undefined),
  ),
  ...envelope,
});

const voteSchema = v.lazy((vote) => {
  const has = (name: string) => typeof vote === "object" && vote !== null && name in vote;
  if (has("permit")) return permitVoteSchema;
  if (has("export")) return exportVoteSchema;
  if (has("changePermit")) return changePermitVoteSchema;
  if (has("start")) return startVoteSchema;
  return has("pause") ? pauseVoteSchema : caseVoteSchema;
});

const provenVoteSchema = v.strictObject({
  vote: voteSchema,
  authorization: v.pipe(v.string(), v.maxLength(1000), v.regex(/^[\x21-\x7e][\x20-\x7e]*$/)),
  amzDate: v.pipe(v.string(), v.regex(/^\d{8}T\d{6}Z$/)),
  // No spaces: around a header they would be dropped on the way, and the token would no longer be what was given.
  securityToken: v.optional(v.pipe(v.string(), v.maxLength(8000), v.regex(/^[\x21-\x7e]+$/))),
});

export type CaseVote = v.InferOutput<typeof caseVoteSchema>;
export type PauseVote = v.InferOutput<typeof pauseVoteSchema>;
export type PermitVote = v.InferOutput<typeof permitVoteSchema>;
export type ExportVote = v.InferOutput<typeof exportVoteSchema>;
export type ChangePermitVote = v.InferOutput<typeof changePermitVoteSchema>;
export type StartVote = v.InferOutput<typeof startVoteSchema>;
export type CastVote = CaseVote | PauseVote | PermitVote | ExportVote | ChangePermitVote | StartVote;
export type ProvenVote = v.InferOutput<typeof provenVoteSchema>;

const longestBody = 16_384;

/** Returns the SHA-256 of a vote in canonical JSON, in hex. */
export function voteDigest(vote: CastVote): string {
  return sha256Hex(canonicalJson(vote));
}

/** Any text as a vote with its proof, not yet verified. Throws VOTE_MALFORMED. */
export function parseProvenVote(text: string): ProvenVote {
  const parsed = Buffer.byteLength(text) > longestBody ? undefined : v.safeParse(provenVoteSchema, jsonOr(text));
  if (parsed?.success) return parsed.output;
  const fields = parsed?.issues.map((issue) => v.getDotPath(issue) ?? "the body").slice(0, 5);
  const hint = fields === undefined ? "" : `: look at ${fields.map((field) => printableText(field, 40)).join(", ")}`;
  throw new GuardError("VOTE_MALFORMED", "reject", `this is no vote with its proof${hint}`);
}

/** Returns the id of a request: SHA-256 of its vote and its whole proof. INVARIANT: nothing of them can be written differently and still be accepted. */
export function provenRequestId({ vote, authorization, amzDate, securityToken = "" }: ProvenVote): string {
  return sha256Hex(`aws\n${authorization}\n${amzDate}\n${securityToken}\n${voteDigest(vote)}`);
}
