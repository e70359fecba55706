import { keepRefusal, mayRequestUsageStart, standingOf } from "../domain/approval/dual-control.ts";
import type { Case } from "../domain/case/case.ts";
import type { Entry } from "../domain/ledger/entry.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { VoteWay } from "../domain/people/vote.ts";
import { awsCommand } from "./aws-command.ts";
import { caseFacts, type Fact, moreFacts, notesOf, traces } from "./case-facts.ts";
import { summaries } from "./case-summary.ts";
import { keyTitle } from "./key-title.ts";
import type { Sentence } from "./prose.ts";
import { consequenceOf } from "./question-summary.ts";
import { headlines, isAsking, type StandingKind, shortStandings, standingKind } from "./standing.ts";
import { summaryFacts } from "./summary-facts.ts";

/** Everything that people need to know of a case, ready to be shown: as a message in Slack, or as text in a mail. */
export interface Notice {
  /** State and name of the key. */
  readonly headline: string;
  /** What people call the key. */
  readonly title: string;
  /** `alarm`: a key does not work, or is going to die, and a person must act. */
  readonly tone: "alarm" | "asking" | "good" | "neutral";
  /** Who did what, whether the key works now, by when to act; the last sentence says what to do. */
  readonly summary: readonly Sentence[];
  /** What an administrator runs where the summary says so. In a channel it stands in the thread, where it can be copied. */
  readonly command?: string;
  /** Three at most. */
  readonly facts: readonly Fact[];
  readonly question?: QuestionNotice;
  /** What a person can do about it now. */
  readonly actions: readonly ("keep" | "approve" | "start-usage")[];
  /** A person is asked, or has to act: that takes a message of its own. A key that a rule let go can be kept, and need not be. */
  readonly needsPeople: boolean;
  /** What is rarely there and then matters. */
  readonly notes: readonly string[];
  /** One line for those who investigate. */
  readonly traces: readonly string[];
  /** The rest of what is on record, where there is room for it. */
  readonly more: readonly Fact[];
}

export interface QuestionNotice {
  readonly approvedBy: readonly string[];
  readonly quorum: number;
  /** The only ways in which an approval counts; absent where every way does. */
  readonly proof?: readonly VoteWay[];
  /** Those who may still approve. */
  readonly eligible: readonly string[];
  /** What an approval does, and what keeping the key takes; absent once the question is closed. */
  readonly consequence?: string;
  /** ms since the epoch; absent once the question is closed. */
  readonly deadline?: number;
}

/** Returns the notice of a case as it stands, rendered from its entries each time: no message depends on what it showed before. */
export function caseNotice(state: Case, entries: readonly Entry[], directory: Directory): Notice {
  const kind = standingKind(state);
  const title = keyTitle(state);
  const actions = actionsOf(state);
  const question = questionOf(state, directory);
  return {
    title,
    headline: `${headlines[kind]} ${title}`,
    tone: isAsking(state) ? "asking" : tones[kind],
    summary: summaries[kind](summaryFacts(state, entries, directory, actions.includes("keep"))),
    ...commandOf(kind, state, actions),
    // A paragraph with an action needs the room.
    facts: caseFacts(state).slice(0, isShort(kind) ? 1 : 3),
    ...(question && { question }),
    actions,
    needsPeople: isAsking(state) || actions.some((action) => action !== "keep" || !isDecidedByRule(state)),
    notes: notesOf(state, entries),
    traces: traces(state),
    more: moreFacts(state, entries),
  };
}

/** Returns how the case stands, in a few words. */
export function stateOf(state: Case): string {
  return shortStandings[standingKind(state)];
}

function isDecidedByRule({ decision }: Case): boolean {
  return decision?.effect.outcome === "allow";
}

const commands: Readonly<Partial<Record<StandingKind, Parameters<typeof awsCommand>[1]>>> = {
  "cannot-restore": "restore-key",
  allowed: "restore-key",
  observed: "restore-key",
  "still-disabled": "start-key-usage",
  "state-unknown": "get-key",
};

function commandOf(kind: StandingKind, { keyArn }: Case, actions: Notice["actions"]): Pick<Notice, "command"> {
  const operation = commands[kind];
  const offered = actions.includes(kind === "allowed" ? "keep" : "start-usage");
  return operation === undefined || offered ? {} : { command: awsCommand(keyArn, operation) };
}

function isShort(kind: StandingKind): boolean {
  return kind in commands;
}

const tones: Readonly<Record<StandingKind, Notice["tone"]>> = {
  ...({ "key-lost": "alarm", "still-disabled": "alarm", "state-unknown": "alarm", "cannot-restore": "alarm" } as const),
  ...({ restoring: "alarm", "asking-usable": "asking", "asking-unusable": "asking" } as const),
  ...({ usable: "good", kept: "good", approved: "good" } as const),
  ...({ "destroyed-as-allowed": "neutral", "restored-by-others": "neutral", "deleted-again": "neutral" } as const),
  ...({ observed: "neutral", allowed: "neutral" } as const),
};

function questionOf(state: Case, directory: Directory): QuestionNotice | undefined {
  const { question, over, decision } = state;
  if (question === undefined) return undefined;
  const { approvedBy, eligible, quorum } = standingOf(state, directory);
  const proof = decision?.effect.outcome === "ask" ? decision.effect.approval.proof : undefined;
  const open = question.state === "open" && over === undefined;
  return {
    approvedBy,
    quorum,
    ...(proof && { proof }),
    eligible: open ? eligible.filter((person) => !approvedBy.includes(person)) : [],
    ...(open && { deadline: question.deadline, consequence: consequenceOf(state) }),
  };
}

function actionsOf(state: Case): Notice["actions"] {
  const { question, over } = state;
  return [
    ...(keepRefusal(state) === undefined ? (["keep"] as const) : []),
    ...(question?.state === "open" && over === undefined ? (["approve"] as const) : []),
    ...(mayRequestUsageStart(state) ? (["start-usage"] as const) : []),
  ];
}
