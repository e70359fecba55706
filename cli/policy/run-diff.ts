import { createColors } from "picocolors";
import { canonicalJson, sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { printableText } from "../../lib/domain/printable-text.ts";
import type { Terminal } from "../shell/terminal.ts";
import { diffPolicies, type PolicyChange } from "./policy-diff.ts";
import { documentOf } from "./policy-file.ts";

interface Options {
  readonly json?: true;
}

/** Prints the hash of a policy. Throws an InputError that names its faults. */
export async function hashing(file: string, { json }: Options, context: Terminal): Promise<void> {
  const policyHash = sha256Hex(canonicalJson(await documentOf(file)));
  context.print(json ? JSON.stringify({ file, policyHash }) : policyHash);
}

/** Prints what differs between two policies; returns 1 where something does. Throws an InputError. */
export async function diffing(before: string, after: string, { json }: Options, context: Terminal): Promise<0 | 1> {
  const changes = diffPolicies(await documentOf(before), await documentOf(after));
  if (json) context.print(JSON.stringify({ before, after, changes }));
  else for (const change of changes) context.print(lineOf(change, context));
  if (!json && changes.length === 0) context.print("the two policies are the same");
  return changes.length > 0 ? 1 : 0;
}

const marks = { added: "+", removed: "-", changed: "~", moved: "^" } as const;

function lineOf({ change, at, before, after }: PolicyChange, { colours }: Terminal): string {
  const { green, red, yellow, dim } = createColors(colours);
  const paint = { added: green, removed: red, changed: yellow, moved: yellow }[change];
  const values = [before, after].flatMap((value) => (value === undefined ? [] : printableText(value, 300))).join(" → ");
  return `${paint(`${marks[change]} ${at}`)} ${change === "moved" ? dim("is at another place in the order") : values}`;
}
