import { codeOf } from "../../domain/guard-error.ts";
import type { Receipt, ReceiptBook } from "../ports/votes.ts";
import type { Announcer } from "./notification.ts";

/**
 * Tells a person of Slack alone the verdict on a request, where the message of the case does not: it does not count, or it ended otherwise
 * than the person was answered at once. Throws SLACK_UNAVAILABLE, or what reading the receipt throws.
 */
export async function announceVerdict(
  { channel, log }: Pick<Announcer, "channel" | "log">,
  readReceipt: ReceiptBook["read"],
  requestId: string,
): Promise<void> {
  const receipt = await readReceipt(requestId);
  if (receipt?.voter?.via !== "slack" || channel === undefined || !isNews(receipt)) return;
  const { voter, message, channel: place } = receipt;
  // The verdict is on record: a person who has left the channel cannot be notified, and the next message must not wait for that.
  await channel.whisper(voter.userId, message, place).catch((error: unknown) => {
    if (codeOf(error) === "SLACK_UNAVAILABLE") throw error;
    log("VOTER_NOTIFY_FAILED", { requestId, code: codeOf(error) });
  });
}

/** Returns whether the person does not know the verdict yet. */
function isNews({ verdict, accepted, answered }: Receipt): boolean {
  if (verdict === answered || verdict === "case.repeated") return false;
  return !accepted || answered !== "" || verdict === "case.kept-already";
}
