import { codeOf, GuardError, type GuardErrorCode } from "../../domain/guard-error.ts";
import { minuteMs } from "../../domain/time.ts";
import type { Log } from "../ports/guard.ts";
import type { UnansweredPosts } from "../ports/notices.ts";

/** How often one notice is sent to the channel while no answer says whether it was posted. */
export const maxPosts = 8;
/** Attempts that follow each other as the queue delivers them; the wait before each later one doubles (ms). Together they take about eight hours. */
const quickPosts = 3;
const firstWaitMs = 15 * minuteMs;
const longestRetrySeconds = 900;

/** With these the channel posted nothing: they use up no attempt. */
const unposted: readonly GuardErrorCode[] = [
  "SECRET_UNAVAILABLE",
  "SLACK_MESSAGE_GONE",
  "SLACK_REFUSED",
  "SLACK_UNAVAILABLE",
];

/** One notice, and what is on record of the attempts to post it. */
export interface BoundedNotice {
  /** Names the notice: a later state of the same subject is another one. */
  readonly notice: string;
  readonly posts: UnansweredPosts | undefined;
  /** ms since the epoch. */
  readonly now: number;
  readonly save: (posts: UnansweredPosts) => Promise<void>;
  readonly log: Log;
}

/**
 * Posts a notice, and keeps each attempt on record before it is made: one whose answer is lost may have been posted. Returns whether it was
 * posted; false, and an error in the log, once `maxPosts` attempts were made. Throws what `post` throws, and SLACK_UNANSWERED while it is too early to repeat it.
 */
export async function postBounded(bounded: BoundedNotice, post: () => Promise<void>): Promise<boolean> {
  const { notice, posts, now, save, log } = bounded;
  const before = posts?.notice === notice ? posts : { notice, count: 0, at: 0 };
  if (before.count >= maxPosts) {
    log("NOTICE_GIVEN_UP", { notice, posts: before.count });
    return false;
  }
  const waitMs = before.at + waitBefore(before.count) - now;
  if (waitMs > 0)
    throw new GuardError("SLACK_UNANSWERED", "retry", "slack did not say whether it posted the notice", {
      retryAfterSeconds: Math.min(longestRetrySeconds, Math.ceil(waitMs / 1000)),
    });
  await save({ notice, count: before.count + 1, at: now });
  try {
    await post();
    return true;
  } catch (error) {
    // Not on record any more, or counted once too often: the channel's error is what the caller needs to know.
    if (unposted.includes(codeOf(error))) await save(before).catch(() => {});
    // Each message about the subject has its own count of deliveries, so none of them may come to the one that raises the alarm.
    else if (before.count + 1 >= quickPosts) log("NOTICE_UNANSWERED", { notice, posts: before.count + 1 });
    throw error;
  }
}

function waitBefore(attempts: number): number {
  return attempts < quickPosts ? 0 : firstWaitMs * 2 ** (attempts - quickPosts);
}
