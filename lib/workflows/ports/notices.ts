import type { CountedDeletion, RepeatedDeletions } from "../../domain/deletion/repeated-deletions.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import type { Burst } from "../../notices/burst.ts";
import type { BurstSummary } from "../../notices/burst-summary.ts";
import type { Notice } from "../../notices/case-notice.ts";

/** What people may do about a change: `name` is that of its chain, or of the permit. */
export interface ChangeOffer {
  readonly action: "approve-change" | "refuse-change" | "start-key";
  readonly name: string;
}

/** What people are notified of: a case (key ARN and generation), or a principal's deletions (principal and hour). */
export interface NoticeSubject {
  readonly series: string;
  readonly number: number;
}

/** Attempts to post one notice whose answers did not come: any of them may have been posted. */
export interface UnansweredPosts {
  readonly notice: string;
  readonly count: number;
  /** When the last one was made, ms since the epoch. */
  readonly at: number;
}

/** What was announced of one subject so far. Not evidence: bookkeeping, so that nothing is announced twice or forgotten. */
export interface NoticeRecord {
  /** Where its message is. */
  readonly ref?: MessageRef;
  /** Entries told in the channel, by mail, and searched for a reason to call others in. */
  readonly told: number;
  readonly mailed: number;
  readonly escalated: number;
  /** Shown by a message of its own, or in the summary of a burst; absent until that is settled. */
  readonly place?: "own" | "summary";
  /** Attempts to post what was not told yet, and to call others in. */
  readonly posts?: UnansweredPosts | undefined;
  readonly escalationPosts?: UnansweredPosts | undefined;
  /** Entries that the channel was given up for and that were mailed instead. */
  readonly mailedInstead?: number;
}

export interface BurstRecord {
  /** Where its summary is. */
  readonly ref?: MessageRef;
  /** The summary shows the burst as it stands. */
  readonly shown: boolean;
  /** Cases in the summary when it last went out by mail. */
  readonly mailed: number;
  readonly posts?: UnansweredPosts | undefined;
  readonly burst: Burst;
}

/** A message in the channel, as the channel names it. */
export type MessageRef = string;

/**
 * Records of what was announced. Throws STORE_UNAVAILABLE, NOTICE_UNREADABLE for a record that cannot be trusted (it stays as it is),
 * and CASE_CLAIMED when a claim was lost before the record could be written.
 */
export interface NoticeBoard {
  /** The record, claimed by `owner` until `until` (ms), so that no two tell at once; undefined while someone else does. */
  claim(subject: NoticeSubject, owner: string, now: number, until: number): Promise<NoticeRecord | undefined>;
  /** Writes the record under a claim; `release` lets go of it. */
  save(subject: NoticeSubject, owner: string, record: NoticeRecord, release: boolean): Promise<void>;
  claimBurst(owner: string, now: number, until: number): Promise<BurstRecord | undefined>;
  saveBurst(owner: string, record: BurstRecord, release: boolean): Promise<void>;
}

/** Where people read of cases and answer. Throws SLACK_UNAVAILABLE, SLACK_REFUSED, or SLACK_UNANSWERED where a message may have been posted. */
export interface CaseChannel {
  /** Shows a case, in place of what stands at `ref` if that is still there; answers where it stands. */
  show(name: CaseName, notice: Notice, ref?: MessageRef): Promise<MessageRef>;
  /** Adds `lines` under the message. `urge` names persons who should look now. */
  reply(ref: MessageRef, lines: readonly string[], urge: readonly string[]): Promise<void>;
  /** Calls others in, whose help is needed in time. Without `ref` the case has no message yet. */
  escalate(name: CaseName, notice: Notice, ref: MessageRef | undefined): Promise<void>;
  showSummary(summary: BurstSummary, ref?: MessageRef): Promise<MessageRef>;
  /** Posts what belongs to no case, with what people may do about it. `urge` names persons who should look now. */
  post(lines: readonly string[], offers?: readonly ChangeOffer[], urge?: readonly string[]): Promise<void>;
  /** Calls others in for what belongs to no case. */
  callIn(lines: readonly string[]): Promise<void>;
  /** Notifies one person alone, where that person requested something; in the channel of the cases where that is not known. */
  whisper(userId: string, text: string, place?: string): Promise<void>;
}

/** The second channel: sends subject and text to the subscribers. Throws TOPIC_UNAVAILABLE. */
export type Mail = (subject: string, text: string) => Promise<void>;

/** Who deleted how often. Throws STORE_UNAVAILABLE, or NOTICE_UNREADABLE. */
export interface DeletionLedger {
  /** Counts a deletion, once however often it is reported; answers those around it, and when (ms) the alarm was given. */
  count(
    principal: string,
    deletion: CountedDeletion,
  ): Promise<{ readonly deletions: readonly CountedDeletion[]; readonly alarms: readonly number[] }>;
  /** The alarm that the deletion of `at` made was given. */
  markAlarm(principal: string, at: number): Promise<void>;
}

/** Tells the bus of an alarm. Throws BUS_UNAVAILABLE. */
export type RaiseAlarm = (alarm: RepeatedDeletions) => Promise<void>;
