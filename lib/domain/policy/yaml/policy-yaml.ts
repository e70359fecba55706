import type { PolicyFault } from "../fault.ts";
import { lintPolicy } from "../lint.ts";
import { didYouMean } from "../match/did-you-mean.ts";
import { isTimeZone } from "../match/time-window.ts";
import { parsePolicy } from "../parse.ts";
import type { PolicyDocument } from "../schema.ts";
import { readPlainYaml } from "./plain-yaml.ts";

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
    return fail([{ line: 1, column: 1, field: "", message: `expected at most ${maxLength} characters` }]);
  const yaml = readPlainYaml(text);
  if (!yaml.ok) return fail(yaml.faults.map((fault) => ({ ...fault, field: "" })));
  const parsed = parsePolicy(yaml.value);
  const faults = parsed.ok ? unknownTimeZones(parsed.document) : parsed.faults;
  const placed = ({ path, message }: PolicyFault) => ({ ...yaml.placeOf(path), field: path.join("."), message });
  if (!parsed.ok || faults.length > 0) return fail(faults.map(placed));
  const { document } = parsed;
  return { ok: true, source: yaml.value as object, document, warnings: lintPolicy(document).map(placed) };
}

function fail(faults: readonly PolicyFileFault[]): PolicyFile {
  return { ok: false, faults };
}

/** Checked only where a policy file is read: a function does not check its policy again, and takes an unknown time zone as contested. */
function unknownTimeZones({ rules }: PolicyDocument): PolicyFault[] {
  return rules.flatMap(({ when: { request } }, n) => {
    const { timeZone } = request?.window ?? {};
    if (timeZone === undefined || isTimeZone(timeZone)) return [];
    const path = ["rules", n, "when", "request", "window", "timeZone"];
    const meant = didYouMean(timeZone, Intl.supportedValuesOf("timeZone"));
    return [
      { path, message: `there is no time zone \`${timeZone}\`${meant || "; expected one such as Europe/Berlin"}` },
    ];
  });
}
