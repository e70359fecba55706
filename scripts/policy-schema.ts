import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ConversionConfig, type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { keyVocabulary } from "../lib/domain/key-vocabulary.ts";
import { policySchema } from "../lib/domain/policy-schema.ts";
import { root } from "./bundle.ts";

/**
 * The JSON Schema of a policy, for editors, from the schema that the build checks by. What JSON Schema cannot say (a time zone that exists, a
 * quorum that can be reached) is left to `reprieve policy check`.
 */
export function policyJsonSchema(): object {
  const { $defs: _inlined, ...schema } = converted(policySchema) as Record<string, unknown>;
  return {
    ...withVocabulary(schema),
    title: "The policy of reprieve",
    description:
      "What happens to a payment key that somebody scheduled for deletion. For editors; `reprieve policy check` sees what no schema can say.",
  };
}

/** What has no form in JSON Schema (checks, transformations) is left out: the schema says less than the check, and nothing else. */
function converted(schema: v.GenericSchema): JsonSchema {
  return toJsonSchema(schema, { errorMode: "ignore", overrideSchema: oneOrMore });
}

/** One value, or a list of them: which schema it is depends on what is there. */
const oneOrMore: NonNullable<ConversionConfig["overrideSchema"]> = ({ valibotSchema, jsonSchema }) => {
  if (valibotSchema.type !== "lazy") return jsonSchema;
  const { getter } = valibotSchema as unknown as { readonly getter: (input: unknown) => v.GenericSchema };
  const [{ $schema: _one, ...one }, { $schema: _more, ...more }] = [converted(getter("")), converted(getter([]))];
  return { anyOf: [one, more] };
};

/** The usages, classes, algorithms and origins that the service knows, for editors to complete; globs are allowed too. */
function withVocabulary(schema: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(schema, (name, value: unknown) => {
    if (!isVocabulary(name) || typeof value !== "object" || value === null || !("anyOf" in value)) return value;
    const one = { anyOf: [{ enum: keyVocabulary[name] }, { type: "string", pattern: "[*?]" }] };
    return { anyOf: [one, { type: "array", minItems: 1, items: one }] };
  });
  return JSON.parse(text) as Record<string, unknown>;
}

function isVocabulary(name: string): name is keyof typeof keyVocabulary {
  return Object.hasOwn(keyVocabulary, name);
}

if (import.meta.main) {
  const file = resolve(root, "policy/policy.schema.json");
  writeFileSync(file, `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
  console.log(file);
}
