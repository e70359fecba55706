import { parseKeyArn } from "../../key/key-arn.ts";
import { trueOrFalse } from "../condition-values.ts";
import type { Operation, Revert, SeenChange } from "../operation.ts";
import { type State, stateText } from "../state.ts";
import { policyText, readResourcePolicy } from "./document.ts";
import { type Grants, grantsOf, managingActions } from "./grants.ts";

/** The resource policy of a key as a document, `none` for a key without one. */
const policy: Revert = {
  aspect: "resource-policy",
  look: (subject) =>
    subject.kind === "key" ? { call: "GetResourcePolicy", input: { ResourceArn: subject.keyArn } } : undefined,
  stateIn: (shown) => ("answer" in shown ? documentState(shown.answer["Policy"]) : undefined),
  back: (subject, before, now) => {
    if (subject.kind !== "key" || before === now) return undefined;
    const input = { ResourceArn: subject.keyArn };
    if (before === "none") return [{ call: "DeleteResourcePolicy", input }];
    const reading = readResourcePolicy(before);
    if (reading.kind !== "document") return undefined;
    return [
      { call: "PutResourcePolicy", input: { ...input, Policy: policyText(reading.document, reading.statements) } },
    ];
  },
  unable: { readable: ["false"] },
};

/** PutResourcePolicy and DeleteResourcePolicy. In the same account a policy grants by itself, without any policy of IAM (docs/aws-facts.md). */
export const resourcePolicy: Operation = {
  name: "resource-policy",
  calls: ["PutResourcePolicy", "DeleteResourcePolicy"],
  read: ({ name, parameters, answer }) => {
    const keyArn = parseKeyArn(parameters["resourceArn"]) ?? parseKeyArn(answer["resourceArn"]);
    if (keyArn === undefined) return undefined;
    const subject = { kind: "key", keyArn } as const;
    if (name === "DeleteResourcePolicy") return { subject, after: "none" };
    // CloudTrail may leave the text out, or cut it: then nothing is known of it.
    const after = parameters["policy"] === undefined ? undefined : documentState(parameters["policy"]);
    return { subject, ...(after !== undefined && { after }) };
  },
  conditions: { grantee: "text", grants: "text", manages: trueOrFalse, denies: "text", readable: trueOrFalse },
  facts: (seen) => {
    const grants = added(seen);
    return grants === undefined
      ? { readable: ["false"] }
      : {
          readable: ["true"],
          grantee: grants.grantees,
          grants: grants.allowed,
          manages: [String(managingActions(grants.allowed).length > 0)],
          denies: grants.denied,
        };
  },
  weight: (seen) => {
    const grants = added(seen);
    if (grants === undefined) return "grave";
    if (managingActions(grants.allowed).length > 0 || grants.denied.length > 0) return "grave";
    return grants.allowed.length > 0 ? "routine" : "notable";
  },
  says: (seen) => {
    const grants = added(seen);
    if (seen.after === "none") return "deleted the resource policy of the key";
    if (grants === undefined) return "replaced the resource policy of the key by one that cannot be read";
    return `replaced the resource policy of the key${clause("it newly allows", grants.allowed)}${clause("to", grants.grantees)}${clause("it newly denies", grants.denied)}`;
  },
  revert: policy,
  inferred: {
    aspect: policy.aspect,
    call: (_, now) => ({ name: now === "none" ? "DeleteResourcePolicy" : "PutResourcePolicy" }),
  },
};

/** What the new policy grants and denies that the one before did not. */
function added({ before, after }: SeenChange): Grants | undefined {
  const now = after === undefined ? undefined : grantsOf(after === "none" ? undefined : after);
  if (now === undefined) return undefined;
  const old = before === undefined ? undefined : grantsOf(before === "none" ? undefined : before);
  if (old === undefined || before === undefined || after === undefined) return now;
  if (stateText(before) === stateText(after)) return { grantees: [], allowed: [], denied: [] };
  const more = (all: readonly string[], known: readonly string[]) => all.filter((each) => !known.includes(each));
  const grantees = more(now.grantees, old.grantees);
  // A new grantee of old actions is as much a grant as a new action.
  const allowed = grantees.length > 0 ? now.allowed : more(now.allowed, old.allowed);
  return {
    grantees: allowed.length > 0 && grantees.length === 0 ? now.grantees : grantees,
    allowed,
    denied: more(now.denied, old.denied),
  };
}

function documentState(text: unknown): State | undefined {
  const reading = readResourcePolicy(text);
  if (reading.kind === "unreadable") return undefined;
  return reading.kind === "none" ? "none" : jsonState(reading.document);
}

/** A policy holds texts, lists and objects; numbers and flags are kept as texts in JSON, which PutResourcePolicy takes as well. */
function jsonState(value: unknown): State {
  if (value === null || typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(jsonState);
  if (typeof value !== "object") return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, jsonState(inner)]));
}

function clause(prefix: string, texts: readonly string[]): string {
  if (texts.length === 0) return "";
  const shown = texts.slice(0, 6).join(", ");
  return `${prefix === "to" ? " to" : `; ${prefix}`} ${shown}${texts.length > 6 ? ` and ${texts.length - 6} more` : ""}`;
}
