import type { EntryKind } from "../../lib/domain/ledger/entry.ts";
import type { ListedCase } from "../cases/case-list.ts";
import type { Finding } from "../health/finding.ts";

/** What a row has in common with a case of `reprieve cases list`. */
type Listed = Pick<
  ListedCase,
  "title" | "open" | "outcome" | "rule" | "requester" | "requesterName" | "usage" | "deletePendingAt" | "entries"
>;

/**
 * One deletion, what one other operation did to one subject within an hour, or a permit for such a change that people are asked for, as a row of the list. Times are
 * ms since the epoch.
 */
export interface Row extends Listed {
  /** Name of the place in the accounts file; empty for a single stack. */
  readonly place: string;
  /** Name of the chain: `<key ARN>#<generation>`, or `change#...`. */
  readonly name: string;
  readonly kind: "case" | "change" | "permit";
  readonly keyArn: string;
  /** The operation as policies name it: `delete` for a case. */
  readonly operation: string;
  readonly at: number;
  readonly state: string;
  /** What people are asked, while they are. Of a permit also after its time to decide, which ends by the clock alone. */
  readonly question?: RowQuestion;
  readonly timeToUsableMs?: number;
  /** What this console saw happen to the chain that must not happen to one: `rewritten`, or `gone` from the table. */
  readonly tampered?: "rewritten" | "gone";
}

export interface RowQuestion {
  readonly until: number;
  readonly from: string;
  readonly quorum: number;
  readonly approvedBy: readonly string[];
}

export interface EntryPart {
  readonly seq: number;
  readonly at: number;
  readonly kind: EntryKind;
  readonly sentence: string;
  /** The very text that was hashed. */
  readonly text: string;
}

/** A chain with its entries, as far as it holds, and what an approval of its case would do. */
export interface ChainPart {
  readonly entries: readonly EntryPart[];
  /** The SHA-256 that the item itself names as that of its last entry. */
  readonly head: string;
  /** What is wrong with the chain, if anything is. */
  readonly damage?: string;
  /** What an approver agrees to, sentence by sentence; empty where nobody is asked. */
  readonly offer: readonly string[];
  /** The rules before the one that decided, and the first condition of each that failed. */
  readonly passedOver: readonly { readonly rule: string; readonly failed: string }[];
  /** How many more rules were passed over. */
  readonly morePassedOver: number;
}

/** A finding of the stack's health, and when it was made (ms). */
export interface DatedFinding extends Finding {
  readonly at: number;
}

/** Why a stack could not be read, and what to do. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
  /** Since when every try failed. */
  readonly since: number;
  /** When it is tried again. */
  readonly nextAt: number;
}

/** A stack, and how well it is known. Times are ms since the epoch, by the stack's clock. */
export interface StackPart {
  readonly place: string;
  /** What the page is titled with: stage, account and Region, as far as they are known. */
  readonly title: string;
  readonly stage: string;
  readonly region: string;
  /** Who calls AWS; empty until that is known. */
  readonly caller: string;
  /** Why no vote can be cast from here, or undefined if one can. */
  readonly noVotes?: string;
  /** When the table was last read, and when the last reading of all of it began. */
  readonly readAt?: number;
  readonly roundAt?: number;
  readonly trouble?: Trouble;
  /** Mode and policy hash by which the newest case was decided. */
  readonly lastDecided?: { readonly mode: string; readonly policyHash: string; readonly at: number };
  /** A local world has no functions, topics or schedules to look at. */
  readonly isLocal: boolean;
  readonly findings: readonly DatedFinding[];
  readonly isChecking: boolean;
}

/** What a page is sent: the rows that changed since the version that it knows. */
export interface ConsoleData {
  /** Of the rows, to ask with the next time. */
  readonly version: number;
  /** What time it is for the stacks. */
  readonly now: number;
  readonly rows: readonly Row[];
  readonly stacks: readonly StackPart[];
}

/** The evidence that the entries of a chain are in the log, for the browser to verify. */
export interface InclusionPart {
  readonly proofs: readonly InclusionProof[];
  /** Sequence numbers of entries that no checkpoint covers yet. */
  readonly later: readonly number[];
  /** The signed note of the latest checkpoint. */
  readonly note: string;
  /** The verifier key that has to have signed it; undefined where none was given. */
  readonly key?: string;
}

export interface InclusionProof {
  readonly seq: number;
  /** Place in the log, from 0. */
  readonly index: number;
  /** Hashes from the leaf's sibling up, base64. */
  readonly path: readonly string[];
}

/** The answer to a vote, or to anything else that was asked for. */
export interface Answer {
  readonly ok: boolean;
  readonly text: string;
}
