import { compilePattern } from "../../../local/aws/bus/event-pattern.ts";
import { withPackagedTemplate } from "../packaged-template.ts";
import type { Check, Outcome, Part } from "../part.ts";
import { generatedQuestions } from "./generated.ts";
import { type Question, rulerVerdicts, version } from "./oracle.ts";
import { shippedEvents } from "./shipped-events.ts";
import { verdictByElement } from "./single-leaves.ts";

const seed = 20_261_129;

/** Patterns that AWS's library takes and the local matcher refuses, by its message. */
const refusedHereOnly = {
  "empty-list": /anything-but: expected at least one value$/,
  "wide-network": /at least 8 bits$/,
};

/** What docs/interop.md names. */
export const rulerDeviations: readonly string[] = [...Object.keys(refusedHereOnly), "mixed-up-elements"];

/** Compares the local bus's pattern matcher with AWS's own library. */
export const eventRuler: Part = { name: "event-ruler", software: `AWS event-ruler ${version}`, run };

async function run(): Promise<Outcome> {
  const rules = await withPackagedTemplate(async (template) => template.ofType("AWS::Events::Rule"));
  const events = shippedEvents();
  const shipped = rules.map(({ properties: { EventPattern } }) => ({ pattern: EventPattern, events }));
  const generated = generatedQuestions(20_000, seed);
  const verdicts = await rulerVerdicts([...shipped, ...generated]);
  return {
    checks: [
      everyPatternMatches(
        rules.map(({ id }) => id),
        verdicts,
      ),
      await agreement(
        `shipped patterns, with ${events.length} events each`,
        shipped,
        verdicts.slice(0, shipped.length),
      ),
      await agreement("generated patterns", generated, verdicts.slice(shipped.length)),
    ],
    deviations: rulerDeviations,
  };
}

/** A pattern that matches no event shows little: both sides may refuse everything for different reasons. */
function everyPatternMatches(rules: readonly string[], verdicts: readonly string[]): Check {
  const silent = rules.filter((_, n) => verdicts[n]?.includes("1") !== true);
  const name = "each shipped pattern matches one of the events";
  return {
    name,
    holds: rules.length > 0 && silent.length === 0,
    found: silent.join(", ") || `${rules.length} patterns`,
  };
}

interface Judged {
  readonly question: Question;
  readonly ours: string;
  readonly theirs: string;
}

async function agreement(name: string, questions: readonly Question[], verdicts: readonly string[]): Promise<Check> {
  const judged = questions.map((question, n) => ({ question, ours: verdictOf(question), theirs: verdicts[n] ?? "" }));
  const differing = judged.filter(({ ours, theirs }) => ours !== theirs && !(isRefusal(ours) && theirs === "refused"));
  const known = differing.filter(({ ours }) => Object.values(refusedHereOnly).some((message) => message.test(ours)));
  const others = differing.filter((one) => !known.includes(one));
  const silent: Judged[] = [];
  for (const one of others) if ((await verdictByElement(one.question)) !== one.ours) silent.push(one);
  const matching = verdicts.filter((verdict) => verdict.includes("1")).length;
  const refused = verdicts.filter((verdict) => verdict === "refused").length;
  const figures = `${questions.length} patterns: ${matching} match an event, both refuse ${refused}, ours alone refuses ${known.length}, AWS's mixes up ${others.length}`;
  const found =
    silent.length === 0 ? figures : `${silent.length} differ:\n    ${silent.slice(0, 20).map(lineOf).join("\n    ")}`;
  return { name: `AWS's library agrees on ${name}`, holds: silent.length === 0, found };
}

function lineOf({ question, ours, theirs }: Judged): string {
  return `${JSON.stringify(question.pattern)}: ours ${ours}, AWS's ${theirs}${exampleOf(question, ours, theirs)}`;
}

function isRefusal(verdict: string): boolean {
  return verdict.startsWith("refused");
}

function verdictOf({ pattern, events }: Question): string {
  try {
    const matches = compilePattern(pattern);
    return events.map((event) => (matches(event) ? "1" : "0")).join("");
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Returns the first event that the two judge differently. */
function exampleOf({ events }: Question, ours: string, theirs: string): string {
  if (isRefusal(ours) || isRefusal(theirs)) return "";
  const n = [...ours].findIndex((bit, index) => bit !== theirs[index]);
  return ` for ${JSON.stringify(events[n])}`;
}
