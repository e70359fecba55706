import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ConversionConfig, type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { keyVocabulary } from "../lib/domain/key/vocabulary.ts";
import { policySchema } from "../lib/domain/policy/schema.ts";
import { root } from "./bundle.ts";

/**
 * Returns the JSON Schema of a policy, for editors: `policySchema`, with the key vocabulary that `checkPolicy` checks by. Everything else
 * that `reprieve policy check` finds (an unknown time zone, a quorum that nobody can reach) has no place in it.
 */
export function policyJsonSchema(): object {
  const { $defs: _inlined, ...schema } = converted(policySchema) as Record<string, unknown>;
  return {
    ...withVocabulary(schema),
    title: "The policy of reprieve",
    description:
      "What happens to a payment key that someone scheduled for deletion. For editors; `reprieve policy check` sees what no schema can say.",
  };
}

/** Checks and transformations have no form in JSON Schema and are left out: the schema refuses nothing that the check accepts. */
function converted(schema: v.GenericSchema): JsonSchema {
  return toJsonSchema(schema, { errorMode: "ignore", overrideSchema: oneOrMore });
}

/** Converts a lazy schema, which takes another form for text, for a list, and for fields. */
const oneOrMore: NonNullable<ConversionConfig["overrideSchema"]> = ({ valibotSchema, jsonSchema }) => {
  if (valibotSchema.type !== "lazy") return jsonSchema;
  const { getter } = valibotSchema as unknown as { readonly getter: (input: unknown) => v.GenericSchema };
  const forms = ["", [], {}].map((value) => {
    const { $schema: _version, ...form } = converted(getter(value));
    return JSON.stringify(form);
  });
  return { anyOf: [...new Set(forms)].map((form) => JSON.parse(form) as JsonSchema) };
};

/** Adds the usages, classes, algorithms and origins that the service knows, for editors to complete. Globs stay allowed. */
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
