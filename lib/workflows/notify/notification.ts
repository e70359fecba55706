import { GuardError } from "../../domain/guard-error.ts";
import type { CaseName } from "../../domain/ledger/case-name.ts";
import type { Entry } from "../../domain/ledger/entry.ts";
import type { Directory } from "../../domain/people/directory.ts";
import type { Notice } from "../../notices/case-notice.ts";
import type { CaseStore, KeyInventory, Log } from "../ports/guard.ts";
import type { CaseChannel, Mail, NoticeBoard, NoticeRecord, NoticeSubject } from "../ports/notices.ts";
import { type BoundedNotice, postBounded } from "./bounded-post.ts";

/** What telling people works with. It reads cases, and writes only what was announced. */
export interface Announcer {
  readonly cases: Pick<CaseStore, "read">;
  readonly board: NoticeBoard;
  /** Absent where no channel is configured: then mail alone tells. */
  readonly channel?: CaseChannel;
  readonly mail: Mail;
  /** What the inventory saw of a key's labels: its name, where no case has it on record. */
  readonly labelsSeen: KeyInventory["labelsSeen"];
  readonly directory: Directory;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly newRunId: () => string;
  readonly log: Log;
}

/** How long (ms) one telling may take: longer than the function's own timeout. */
export const claimMs = 70_000;

/** One telling, under a claim. */
export interface Claimed {
  readonly announcer: Announcer;
  readonly owner: string;
  readonly subject: NoticeSubject;
  record: NoticeRecord;
}

/** The telling of one case as it stands. */
export interface CaseNotification extends Claimed {
  readonly name: CaseName;
  readonly entries: readonly Entry[];
  readonly notice: Notice;
  readonly state: string;
}

/** Claims `subject`. Throws CASE_CLAIMED while another run notifies of it. */
export async function claimSubject(announcer: Announcer, subject: NoticeSubject): Promise<Claimed> {
  const owner = announcer.newRunId();
  const now = announcer.clock();
  const record = await announcer.board.claim(subject, owner, now, now + claimMs);
  if (record === undefined) throw busy(subject);
  return { announcer, owner, subject, record };
}

/** Keeps `change`, and the claim. */
export async function saveRecord(claimed: Claimed, change: Partial<NoticeRecord>): Promise<void> {
  claimed.record = { ...claimed.record, ...change };
  await claimed.announcer.board.save(claimed.subject, claimed.owner, claimed.record, false);
}

/** Posts `notice` of the claimed subject in at most `maxPosts` attempts, which `kept` counts. Returns whether it was posted. */
export async function postOnce(
  claimed: Claimed,
  [kept, notice]: readonly ["posts" | "escalationPosts", string],
  post: () => Promise<void>,
): Promise<boolean> {
  const { announcer, record, subject } = claimed;
  const bounded: BoundedNotice = {
    ...{ notice, posts: record[kept], now: announcer.clock() },
    save: async (posts) => await saveRecord(claimed, { [kept]: posts }),
    log: (code, fields) => announcer.log(code, { ...subject, ...fields }),
  };
  return await postBounded(bounded, post);
}

export async function release({ announcer, subject, owner, record }: Claimed): Promise<void> {
  await announcer.board.save(subject, owner, record, true);
}

export function busy({ series, number }: NoticeSubject): GuardError {
  return new GuardError("CASE_CLAIMED", "retry", `someone else is telling of \`${series}#${number}\``, {
    retryAfterSeconds: 3,
  });
}
