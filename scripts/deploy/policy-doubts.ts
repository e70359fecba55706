import { printableText } from "../../lib/domain/printable-text.ts";
import { type Check, doubtful, good } from "./check.ts";
import type { DeployPlace } from "./stage-file.ts";

const subject = "policy names";
/** A check shows so many names. */
const shown = 5;

/**
 * Looks for names in a policy that cannot be meant for the stage's places: values of the sample, and accounts and regions in which the stage has no stack. `policy` is
 * the parsed document.
 */
export function policyNamesCheck(
  policy: unknown,
  { account, region }: Pick<DeployPlace, "account" | "region">,
  places: readonly Pick<DeployPlace, "account" | "region">[],
): Check {
  const texts = [...textsIn(policy, "")];
  const accounts = new Set(places.map((place) => place.account));
  const regions = new Set(places.map((place) => place.region));
  const findings = texts.flatMap(({ path, text }) => {
    if (isSample(text)) return [`${path}: \`${text}\` is a value of the sample policy`];
    // What a change names lies elsewhere by its nature: a grantee, a Region of replicas.
    if (/\.when\.change\./.test(path)) return [];
    const elsewhere = accountIn(text);
    if (elsewhere !== undefined && !accounts.has(elsewhere))
      return [`${path}: account ${elsewhere} has no place in the stage's file`];
    const other = regionIn(path, text);
    return other !== undefined && !regions.has(other)
      ? [`${path}: region ${other} has no place in the stage's file`]
      : [];
  });
  if (findings.length === 0) return good(subject, `fit account ${account} and ${region}`);
  const more = findings.length > shown ? [`and ${findings.length - shown} more`] : [];
  const lines = [...findings.slice(0, shown), ...more].map((line) => printableText(line, 200));
  const advice = "correct the policy, or accept it with `--unchecked policy` if these accounts are meant";
  return doubtful(subject, `${lines.join("\n  ")}\n  ${advice}`, "policy");
}

/** The unique ids and mail domains that nobody has: AWS's documentation and RFC 2606 keep them for examples. */
function isSample(text: string): boolean {
  return /^A[A-Z]{2}A[A-Z0-9]*EXAMPLE[A-Z0-9]*$/.test(text) || /[@.]example\.(com|org|net)$/.test(text);
}

function accountIn(text: string): string | undefined {
  if (/^\d{12}$/.test(text)) return text;
  return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(text)?.[1];
}

const region = /^[a-z]{2}(-[a-z]+)+-\d$/;

function regionIn(path: string, text: string): string | undefined {
  if (/(^|\.)regions?(\.\d+)?$/.test(path) && region.test(text)) return text;
  const inArn = /^arn:[^:]*:payment-cryptography:([^:]*):/.exec(text)?.[1] ?? "";
  return region.test(inArn) ? inArn : undefined;
}

function* textsIn(value: unknown, path: string): Generator<{ readonly path: string; readonly text: string }> {
  if (typeof value === "string") yield { path, text: value };
  else if (typeof value === "object" && value !== null)
    for (const [name, each] of Object.entries(value)) yield* textsIn(each, path === "" ? name : `${path}.${name}`);
}
