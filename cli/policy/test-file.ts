import * as v from "valibot";
import { deletionName } from "../../lib/domain/operations/delete/name.ts";
import type { Facts } from "../../lib/domain/policy/decision.ts";
import type { JudgedChange } from "../../lib/domain/policy/judge-change.ts";
import { readPlainYaml } from "../../lib/domain/policy/yaml/plain-yaml.ts";
import { dayMs } from "../../lib/domain/time.ts";
import { InputError } from "../shell/input-error.ts";
import { changeCaseSchema, changeFrom } from "./change-case.ts";
import { keyFrom, keySchema } from "./described-key.ts";
import { requestFrom, requestMembers } from "./described-request.ts";
import { requesterSchema } from "./described-requester.ts";

const text = v.string("expected text");

const deletionCaseSchema = v.strictObject({
  it: v.pipe(text, v.nonEmpty("expected a sentence")),
  operation: v.optional(v.literal(deletionName)),
  key: v.optional(keySchema, {}),
  requester: v.optional(requesterSchema, "unknown"),
  request: v.optional(
    v.strictObject({
      /** Days until the key would be gone. */
      waitingDays: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(181)), 7),
      ...requestMembers,
    }),
    {},
  ),
  expect: v.strictObject({ outcome: v.picklist(["restore", "ask", "allow"]), rule: v.optional(text) }),
});

const caseSchema = v.lazy((value) => (isOfChange(value) ? changeCaseSchema : deletionCaseSchema));

const fileSchema = v.strictObject({ cases: v.pipe(v.array(caseSchema), v.nonEmpty("expected at least one case")) });

/** One case of a test file: facts of a deletion, or of another change, and what the policy is to say of it. */
export type PolicyCase = {
  readonly it: string;
  readonly expect: { readonly outcome: string; readonly rule?: string };
} & ({ readonly facts: Facts } | { readonly change: JudgedChange });

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

function isOfChange(value: unknown): boolean {
  return typeof value === "object" && value !== null && "operation" in value && value.operation !== deletionName;
}

type Described = v.InferOutput<typeof deletionCaseSchema> | v.InferOutput<typeof changeCaseSchema>;

function caseOf(described: Described): PolicyCase {
  const { it, expect } = described;
  const named = {
    it,
    expect: { outcome: expect.outcome, ...(expect.rule !== undefined && { rule: expect.rule }) },
  };
  if ("change" in described) return { ...named, change: changeFrom(described) };
  const { key, requester, request } = described;
  const deletePendingAt = Date.parse(request.at) + request.waitingDays * dayMs;
  return { ...named, facts: { ...keyFrom(key), deletePendingAt, requester: requestFrom(requester, request) } };
}
