import { type Document, isAlias, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { parsePolicy } from "./parse-policy.ts";
import type { PolicyFault } from "./policy-fault.ts";
import { lintPolicy } from "./policy-lint.ts";
import type { PolicyDocument } from "./policy-schema.ts";
import { isTimeZone } from "./time-window.ts";

/** A fault of a policy file, for a person with an editor: line and column from 1, the field, and what was expected. */
export interface PolicyFileFault {
  readonly line: number;
  readonly column: number;
  readonly field: string;
  readonly message: string;
}

export type PolicyFile =
  /** `source` is the file as plain JSON; `document` is what was checked, defaults filled in, and what is hashed and bundled. */
  | {
      readonly ok: true;
      readonly source: object;
      readonly document: PolicyDocument;
      /** What it may say and hardly can mean. */
      readonly warnings: readonly PolicyFileFault[];
    }
  | { readonly ok: false; readonly faults: readonly PolicyFileFault[] };

/** A thousand rules take about 300 KB. */
const maxLength = 2_000_000;

/** The text of a policy file as a policy, or every fault in it with its place. Never throws. */
export function readPolicyYaml(text: string): PolicyFile {
  if (text.length > maxLength)
    return fail([{ line: 1, column: 1, field: "", message: `expected ${maxLength} characters at the most` }]);
  const lines = new LineCounter();
  const yaml = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,

    merge: false,
    version: "1.2",
  });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const broken = [...yaml.errors, ...yaml.warnings].map(({ pos: [offset], message }) => ({
    ...at(offset),
    field: "",
    message: (message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, ""),
  }));
  if (broken.length > 0) return fail(broken);
  const unwanted = unwantedFeatures(yaml).map(({ offset, message }) => ({ ...at(offset), field: "", message }));
  if (unwanted.length > 0) return fail(unwanted);
  const source: unknown = yaml.toJS();
  const parsed = parsePolicy(source);
  const faults = parsed.ok ? unknownTimeZones(parsed.document) : parsed.faults;
  const placed = ({ path, message }: PolicyFault) => ({ ...at(offsetOf(yaml, path)), field: path.join("."), message });
  if (!parsed.ok || faults.length > 0) return fail(faults.map(placed));
  const { document } = parsed;
  return { ok: true, source: source as object, document, warnings: lintPolicy(document).map(placed) };
}

function fail(faults: readonly PolicyFileFault[]): PolicyFile {
  return { ok: false, faults };
}

/** Checked here and not in `parsePolicy`, which runs at every cold start: there an unknown time zone makes its condition contested. */
function unknownTimeZones({ rules }: PolicyDocument): PolicyFault[] {
  return rules.flatMap(({ when: { request } }, n) => {
    const { timeZone } = request?.window ?? {};
    if (timeZone === undefined || isTimeZone(timeZone)) return [];
    const path = ["rules", n, "when", "request", "window", "timeZone"];
    return [{ path, message: `there is no time zone \`${timeZone}\`; expected one such as Europe/Berlin` }];
  });
}

/** Anchors and aliases can blow a small file up to gigabytes, and tags make values that are not what they look like. */
function unwantedFeatures(yaml: Document): { offset: number; message: string }[] {
  const found: { offset: number; message: string }[] = [];
  // YAML 1.1 would bring back merge keys, and `yes` and `no` for true and false.
  if (yaml.directives?.yaml.explicit === true)
    found.push({ offset: 0, message: "expected no %YAML directive: a policy is YAML 1.2" });
  visit(yaml, (_key, node) => {
    if (isPair(node) && !(isScalar(node.key) && typeof node.key.value === "string"))
      found.push({
        offset: isNode(node.key) ? (node.key.range?.[0] ?? 0) : 0,
        message: "expected a name before the colon, in quotes where it is a number",
      });
    if (!isNode(node)) return;
    const offset = node.range?.[0] ?? 0;
    const anchor: unknown = "anchor" in node ? node.anchor : undefined;
    if (isAlias(node) || anchor !== undefined)
      found.push({ offset, message: "anchors and aliases are not part of a policy" });
    if (node.tag !== undefined) found.push({ offset, message: `expected no tag, found \`${node.tag}\`` });
  });
  return found;
}

/** Where the value at `path` stands, or the nearest thing around it. For an unknown field that is the field's own name. */
function offsetOf(yaml: Document, path: readonly (string | number)[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = yaml.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return keyOffset(yaml, path.slice(0, depth)) ?? node.range[0];
  }
  return yaml.contents?.range?.[0] ?? 0;
}

function keyOffset(yaml: Document, path: readonly (string | number)[]): number | undefined {
  const parent: unknown = path.length === 1 ? yaml.contents : yaml.getIn(path.slice(0, -1), true);
  if (typeof parent !== "object" || parent === null || !("items" in parent) || !Array.isArray(parent.items))
    return undefined;
  for (const pair of parent.items as { key?: unknown }[])
    if (isScalar(pair.key) && String(pair.key.value) === String(path.at(-1))) return pair.key.range?.[0];
  return undefined;
}
