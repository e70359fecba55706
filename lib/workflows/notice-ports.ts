import type { Burst } from "../domain/burst.ts";
import type { CaseName } from "../domain/case-name.ts";
import type { BurstSummary } from "../notices/burst-summary.ts";
import type { Notice } from "../notices/case-notice.ts";

/** What was told of one case so far. Not evidence: bookkeeping, so that nothing is told twice or forgotten. */
export interface NoticeRecord {
  /** Where its message is. */
  readonly ref?: MessageRef;
  /** Entries told in the channel, and by mail. */
  readonly told: number;
  readonly mailed: number;
  /** It is shown in the summary of a burst. */
  readonly grouped: boolean;
}

export interface BurstRecord {
  readonly ref?: MessageRef;
  readonly burst: Burst;
}

/** A message in the channel, as the channel names it. */
export type MessageRef = string;

/** Records of what was told. Throws STORE_UNAVAILABLE. */
export interface NoticeBoard {
  /** The record of a case, claimed by `owner` until `until` (ms), so that no two tell at once; undefined while somebody else does. */
  claim(name: CaseName, owner: string, now: number, until: number): Promise<NoticeRecord | undefined>;
  /** Writes the record under a claim; `release` lets go of it. */
  note(name: CaseName, owner: string, record: NoticeRecord, release: boolean): Promise<void>;
  claimBurst(owner: string, now: number, until: number): Promise<BurstRecord | undefined>;
  noteBurst(owner: string, record: BurstRecord, release: boolean): Promise<void>;
}

/** Where people read of cases and answer. Throws SLACK_UNAVAILABLE or SLACK_REFUSED. */
export interface CaseChannel {
  /** Shows a case, in place of what stands at `ref` if there is one; answers where it stands. */
  show(name: CaseName, notice: Notice, ref?: MessageRef): Promise<MessageRef>;
  /** Adds `lines` under the message. `urge` names persons who should look now; at `escalate` others are called in too. */
  reply(ref: MessageRef, lines: readonly string[], urge: readonly string[], escalate: boolean): Promise<void>;
  showSummary(summary: BurstSummary, ref?: MessageRef): Promise<MessageRef>;
  /** Says something that belongs to no case. */
  say(text: string): Promise<void>;
}

/** The second way out: subject and text to whoever subscribed. Throws TOPIC_UNAVAILABLE. */
export type Mail = (subject: string, text: string) => Promise<void>;
