import * as v from "valibot";
import { parseArn } from "../../lib/domain/arn.ts";
import { parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import { parseRoleArn, parseUserArn } from "../../lib/domain/people/iam-arn.ts";
import type { Requester } from "../../lib/domain/people/requester.ts";
import type { Facts } from "../../lib/domain/policy/decision.ts";
import { readPlainYaml } from "../../lib/domain/policy/yaml/plain-yaml.ts";
import { dayMs } from "../../lib/domain/time.ts";
import { InputError } from "../shell/input-error.ts";

const text = v.string("expected text");
const roleArn = v.pipe(
  text,
  v.check((value) => parseRoleArn(value) !== undefined, "expected the exact ARN of a role"),
);
const userArn = v.pipe(
  text,
  v.check((value) => parseUserArn(value) !== undefined, "expected the exact ARN of an IAM user"),
);

const requesterSchema = v.union(
  [
    v.literal("unknown"),
    v.strictObject({ user: userArn, mfa: v.optional(v.boolean()) }),
    v.strictObject({
      role: roleArn,
      roleId: v.optional(text),
      session: v.optional(text),
      permissionSet: v.optional(text),
      sourceIdentity: v.optional(text),
      mfa: v.optional(v.boolean()),
    }),
    v.strictObject({ root: v.pipe(text, v.regex(/^\d{12}$/, "expected an account id in quotes")) }),
  ],
  "expected unknown, or fields: user, or role (with session, permissionSet, sourceIdentity), or root",
);

const caseSchema = v.strictObject({
  it: v.pipe(text, v.nonEmpty("expected a sentence")),
  key: v.optional(
    v.strictObject({
      arn: v.optional(
        v.pipe(
          text,
          v.check((value) => parseKeyArn(value) !== undefined, "expected the ARN of a key"),
        ),
      ),
      usage: v.optional(text, "TR31_C0_CARD_VERIFICATION_KEY"),
      class: v.optional(text, "SYMMETRIC_KEY"),
      algorithm: v.optional(text, "TDES_2KEY"),
      origin: v.optional(text, "AWS_PAYMENT_CRYPTOGRAPHY"),
      exportable: v.optional(v.boolean(), true),
      kcv: v.optional(text, "A486ED"),
      multiRegion: v.optional(v.picklist(["PRIMARY", "REPLICA"])),
      tags: v.optional(v.union([v.record(text, text), v.literal("unreadable")]), {}),
      aliases: v.optional(v.union([v.array(text), v.literal("unreadable")]), []),
      /** `new`: the inventory has not seen its tags and aliases for as long as the policy wants. */
      labels: v.optional(v.picklist(["old", "new"], "expected old or new"), "old"),
    }),
    {},
  ),
  requester: v.optional(requesterSchema, "unknown"),
  request: v.optional(
    v.strictObject({
      /** Days until the key would be gone. */
      waitingDays: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(181)), 7),
      at: v.optional(
        v.pipe(text, v.isoTimestamp("expected a time such as 2026-01-05T10:00:00Z")),
        "2026-01-05T10:00:00Z",
      ),
      from: v.optional(text),
    }),
    {},
  ),
  expect: v.strictObject({ outcome: v.picklist(["restore", "ask", "allow"]), rule: v.optional(text) }),
});

const fileSchema = v.strictObject({ cases: v.pipe(v.array(caseSchema), v.nonEmpty("expected at least one case")) });

/** One case of a test file: facts of a deletion, and what the policy is to say of it. */
export interface PolicyCase {
  readonly it: string;
  readonly facts: Facts;
  readonly expect: { readonly outcome: "restore" | "ask" | "allow"; readonly rule?: string };
}

/** The cases in the text of a test file. Throws an InputError that names every fault with its place. */
export function readCases(file: string, yaml: string): readonly PolicyCase[] {
  const read = readPlainYaml(yaml);
  if (!read.ok) {
    const broken = read.faults.map(({ line, column, message }) => `  ${line}:${column} ${message}`);
    throw new InputError([`\`${file}\` is not valid YAML:`, ...broken].join("\n"));
  }
  const parsed = v.safeParse(fileSchema, read.value);
  if (parsed.success) return parsed.output.cases.map(caseOf);
  const faults = parsed.issues.map((issue) => {
    const { line, column } = read.placeOf((issue.path ?? []).map(({ key }) => key as string | number));
    return `  ${line}:${column} ${v.getDotPath(issue) ?? "the file"}: ${issue.message}`;
  });
  throw new InputError([`\`${file}\` is not a valid policy test file:`, ...faults].join("\n"));
}

type Described = v.InferOutput<typeof caseSchema>;

function caseOf({ it, key, requester, request, expect }: Described): PolicyCase {
  const { arn: named = "arn:aws:payment-cryptography:us-east-1:111122223333:key/policytestcase00", ...rest } = key;
  const { class: keyClass, tags, aliases, labels, multiRegion, ...plain } = rest;
  const parsed = parseKeyArn(named);
  if (parsed === undefined) throw new TypeError("the schema lets no other ARN pass");
  const at = Date.parse(request.at);
  return {
    it,
    facts: {
      key: { ...plain, arn: parsed, keyClass, ...(multiRegion && { multiRegion }) },
      deletePendingAt: at + request.waitingDays * dayMs,
      tags,
      aliases,
      labelAge: labels === "old" ? "assumed-old" : "not-seen",
      requester:
        requester === "unknown"
          ? { identity: { kind: "unknown" } }
          : { identity: whoFrom(requester), at, ...(request.from !== undefined && { sourceIp: request.from }) },
    },
    expect: { outcome: expect.outcome, ...(expect.rule !== undefined && { rule: expect.rule }) },
  };
}

function whoFrom(described: Exclude<Described["requester"], "unknown">): Requester {
  if ("root" in described) return { kind: "root", account: described.root };
  const mfa = described.mfa === undefined ? {} : { mfa: described.mfa };
  if ("user" in described) return { kind: "user", account: accountOf(described.user), userArn: described.user, ...mfa };
  const { role, roleId, session, permissionSet, sourceIdentity } = described;
  return {
    ...{ kind: "role-session", account: accountOf(role), roleArn: role },
    ...(roleId !== undefined && { roleId }),
    ...(session !== undefined && { sessionName: session }),
    ...(permissionSet !== undefined && { permissionSet }),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...mfa,
  };
}

function accountOf(text: string): string {
  return parseArn(text)?.account ?? "";
}
