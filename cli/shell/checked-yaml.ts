import * as v from "valibot";
import { readPlainYaml } from "../../lib/domain/policy/yaml/plain-yaml.ts";
import { printableText } from "../../lib/domain/printable-text.ts";

type Path = readonly (string | number)[];

/** Something in a file that is not as it should be. */
export interface Contradiction {
  readonly path: Path;
  readonly message: string;
}

export interface FileRules<Value, Result> {
  /** The most characters that a file has. */
  readonly maxLength: number;
  /** Returns the schema for what was read. */
  readonly schemaFor: (value: unknown) => v.GenericSchema<unknown, Value>;
  /** Printed for a field that is not there. */
  readonly missing: string;
  /** Returns what no schema can say of one field. */
  readonly contradictions: (value: Value) => readonly Contradiction[];
  readonly resultOf: (value: Value) => Result;
}

export type CheckedYaml<Result> =
  | { readonly ok: true; readonly value: Result }
  | {
      readonly ok: false;
      /** Each as `line:column field: message`. */
      readonly faults: readonly string[];
    };

/** Returns the result of a YAML or JSON text by its rules, or every fault in it with its place. Never throws. */
export function checkedYaml<Value, Result>(text: string, rules: FileRules<Value, Result>): CheckedYaml<Result> {
  const { maxLength, schemaFor, missing, contradictions, resultOf } = rules;
  if (text.length > maxLength) return { ok: false, faults: [`1:1 expected at most ${maxLength} characters`] };
  const yaml = readPlainYaml(text);
  if (!yaml.ok) return { ok: false, faults: yaml.faults.map((each) => `${each.line}:${each.column} ${each.message}`) };
  const at = ({ path, message }: Contradiction) => {
    const { line, column } = yaml.placeOf(path);
    const field = path.length === 0 ? "" : `${path.join(".")}: `;
    return printableText(`${line}:${column} ${field}${message}`, 300);
  };
  const parsed = v.safeParse(schemaFor(yaml.value), yaml.value);
  if (!parsed.success) return { ok: false, faults: parsed.issues.map((issue) => at(contradictionOf(issue, missing))) };
  const faults = contradictions(parsed.output).map(at);
  return faults.length === 0 ? { ok: true, value: resultOf(parsed.output) } : { ok: false, faults };
}

function contradictionOf(issue: v.BaseIssue<unknown>, missing: string): Contradiction {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  if (!issue.type.endsWith("object")) return { path, message: issue.message };
  return { path, message: issue.expected === "never" ? "there is no such field" : missing };
}
