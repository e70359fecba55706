import type { PolicyFileFault } from "../../../lib/domain/policy/yaml/policy-yaml.ts";
import { printableText } from "../../../lib/domain/printable-text.ts";
import { counted } from "../counted.ts";
import type { Review, ReviewedCalls } from "./review.ts";

/** Returns a review as Markdown, for a comment on a pull request. Values of the policy and of logs stay text. */
export function reviewMarkdown(review: Review): string {
  const { policy, base, errors, hashBefore, hashAfter, mode, changes, newWarnings, warnings, tests, calls } = review;
  const title = `## Policy review: ${code(policy)} against ${code(base)}`;
  if (errors.length > 0)
    return lines([title, "", "**The policy has errors and cannot be deployed.**", "", ...errors.map(faultOf)]);
  return lines([
    ...[title, "", hashesOf(hashBefore, hashAfter)],
    ...(mode === "observe" ? ["", "The policy **observes**: deleted keys are NOT restored."] : []),
    ...section(
      hashBefore === undefined
        ? "The base has no policy that can be read: everything is new"
        : `Changes: ${changes.length}`,
      [
        ...(changes.length === 0 ? [] : ["| | where | before | after |", "| --- | --- | --- | --- |"]),
        ...changes.map(
          ({ change, at, before = "", after = "" }) => `| ${change} | ${code(at)} | ${code(before)} | ${code(after)} |`,
        ),
      ],
    ),
    ...(calls === undefined ? [] : section("Past calls", callLines(calls))),
    ...section(`New warnings: ${newWarnings.length} (of ${warnings})`, newWarnings.map(faultOf)),
    ...(tests === undefined
      ? []
      : section(`Policy tests: ${tests.results.length - tests.failed} of ${tests.results.length} as expected`, [
          ...tests.results.flatMap(({ it, ok, expected, found }) =>
            ok
              ? []
              : [
                  `- **failed** ${code(it)}: expected ${code(expected.outcome)}, found ${code(found.outcome)} by ${code(found.rule)}`,
                ],
          ),
          ...tests.neverExercised.map((rule) => `- no test exercises ${code(rule)}`),
        ])),
  ]);
}

function hashesOf(before: string | undefined, after = ""): string {
  if (before === after) return `Same policy as before: ${code(after)}`;
  return `Policy hash ${before === undefined ? "" : `${code(before.slice(0, 12))} → `}${code(after)}`;
}

function callLines({ counts, changed, changedInAll, skipped }: ReviewedCalls): string[] {
  return [
    `${changedInAll} of ${counted(counts.deletions, "deletion")} and ${counted(counts.otherCalls, "other call")} (${counted(counts.files, "log file")}) would be decided otherwise. Tags and aliases are in no log.`,
    ...(skipped > 0 ? [`${skipped} files were skipped: they are not CloudTrail logs.`] : []),
    ...(changed.length === 0
      ? []
      : ["", "| when | operation | subject | requester | before | after |", "| --- | --- | --- | --- | --- | --- |"]),
    ...changed.map(
      ({ at, operation, subject, requester, before = "", decision }) =>
        `| ${new Date(at).toISOString().slice(0, 16)} | ${operation} | ${code(subjectName(subject))} | ${code(requester)} | ${code(before)} | ${code(decision)} |`,
    ),
    ...(changedInAll > changed.length ? ["", `and ${changedInAll - changed.length} more`] : []),
  ];
}

function subjectName(subject: string): string {
  return subject.startsWith("arn:") ? (subject.split("/").at(-1) ?? "") : subject;
}

function section(title: string, body: readonly string[]): string[] {
  return ["", `### ${title}`, ...(body.length === 0 ? [] : ["", ...body])];
}

function faultOf({ line, column, field, message }: PolicyFileFault): string {
  return `- line ${line}:${column} ${code(field)} ${code(message)}`;
}

/** Text that Markdown does not interpret: no backtick ends it, no bar ends a cell of a table. */
function code(text: string): string {
  return text === "" ? "" : `\`${printableText(text, 300).replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

function lines(all: readonly string[]): string {
  return all.join("\n");
}
