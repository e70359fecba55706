import * as v from "valibot";
import { deletionName } from "../../lib/domain/operations/delete/name.ts";
import { operationNamed, operationNames } from "../../lib/domain/operations/registry.ts";
import { changeOutcomes } from "../../lib/domain/policy/change-outcome.ts";
import type { JudgedChange } from "../../lib/domain/policy/judge-change.ts";
import { didYouMean } from "../../lib/domain/policy/match/did-you-mean.ts";
import { keyFrom, keySchema } from "./described-key.ts";
import { requestFrom, requestMembers } from "./described-request.ts";
import { requesterSchema } from "./described-requester.ts";

const text = v.string("expected text");
const others = operationNames.filter((name) => name !== deletionName);
const value = v.pipe(v.union([text, v.boolean()], "expected text, true or false"), v.transform(String));
const values = v.union(
  [
    v.pipe(
      value,
      v.transform((one) => [one]),
    ),
    v.array(value),
  ],
  "expected text, true or false",
);

const members = v.strictObject({
  it: v.pipe(text, v.nonEmpty("expected a sentence")),
  operation: v.picklist(others, `expected ${others.join(", ")}`),
  /** What changed, by the names of the operation; a name that is left out is unknown. */
  change: v.optional(v.record(text, values), {}),
  /** How much it matters where no rule decides. */
  weight: v.optional(v.picklist(["routine", "notable", "grave"], "expected routine, notable or grave"), "notable"),
  key: v.optional(keySchema, {}),
  requester: v.optional(requesterSchema, "unknown"),
  request: v.optional(v.strictObject(requestMembers), {}),
  expect: v.strictObject({
    outcome: v.picklist(changeOutcomes, `expected ${changeOutcomes.join(", ")}`),
    rule: v.optional(text),
  }),
});

/** A case about another operation than a deletion. */
export const changeCaseSchema = v.pipe(
  members,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { change, operation } = dataset.value;
    for (const [name, given] of Object.entries(change)) {
      const message = faultOf(operation, name, given);
      const at = (input: object, key: string, member: unknown) =>
        ({ type: "object", origin: "value", input: input as Record<string, unknown>, key, value: member }) as const;
      if (message !== undefined)
        addIssue({ message, path: [at(dataset.value, "change", change), at(change, name, given)] });
    }
  }),
);

export type DescribedChange = v.InferOutput<typeof changeCaseSchema>;

/** A name or a value that the operation never tells would test nothing. */
function faultOf(operation: string, name: string, given: readonly string[]): string | undefined {
  const conditions = operationNamed(operation)?.conditions ?? {};
  const known = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
  const names = Object.keys(conditions);
  if (known === undefined)
    return `\`${operation}\` tells no \`${name}\`: there is ${names.length === 0 ? "nothing" : names.join(", ")}${didYouMean(name, names)}`;
  const never = known === "text" ? undefined : given.find((each) => !known.includes(each));
  if (never === undefined || known === "text") return undefined;
  return `\`${name}\` of \`${operation}\` is never \`${never}\`${didYouMean(never, known)}`;
}

/** Returns the change that a case describes. */
export function changeFrom({ operation, change, weight, key, requester, request }: DescribedChange): JudgedChange {
  const hasKey = operationNamed(operation)?.ofAccount !== true;
  return { operation, weight, hasKey, facts: { ...keyFrom(key), change, requester: requestFrom(requester, request) } };
}
