import * as v from "valibot";
import { didYouMean } from "./did-you-mean.ts";

/** Returns whether `value` is an object with names, which a list is not. */
export function isFields(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the schema of an object with these fields and no others. Reports every unknown field, with the name that was likely meant. */
export function fields<Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(v.custom<object>(isFields, "expected fields"), withEveryUnknownField(v.strictObject(entries)));
}

/** Valibot's strict objects name only the first unknown field. */
function withEveryUnknownField<Schema extends v.StrictObjectSchema<v.ObjectEntries, undefined>>(
  schema: Schema,
): Schema {
  const known = Object.keys(schema.entries);
  const run: Schema["~run"] = (dataset, config) => {
    const input = dataset.value as Record<string, unknown>;
    const result = schema["~run"](dataset, config);
    const issues = result.issues as v.BaseIssue<unknown>[] | undefined;
    const first = issues?.findIndex((issue) => isUnknownField(issue) && issue.path?.length === 1) ?? -1;
    const [found] = first < 0 ? [] : (issues?.splice(first, 1) ?? []);
    if (found === undefined) return result;
    const unknown = Object.keys(input).filter((name) => !Object.hasOwn(schema.entries, name));
    for (const key of unknown) {
      const message = `there is no such field${didYouMean(key, known)}`;
      const path = [{ type: "object", origin: "key", input, key, value: input[key] }] as const;
      issues?.push({ ...found, input: key, message, path: [...path] });
    }
    return result;
  };
  return { ...schema, "~run": run };
}

/** Returns whether `issue` is about a field that no schema knows. */
export function isUnknownField({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === "strict_object" && expected === "never";
}
