import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type NoticeMessage, parseNoticeMessage } from "../../lib/aws/events/notice-event.ts";
import { announceAlarm } from "../../lib/workflows/notify/announce-alarm.ts";
import { announceCase } from "../../lib/workflows/notify/announce-case.ts";
import { announceChange } from "../../lib/workflows/notify/announce-change.ts";
import { announcePause } from "../../lib/workflows/notify/announce-pause.ts";
import { announcePermit } from "../../lib/workflows/notify/announce-permit.ts";
import { announceVerdict } from "../../lib/workflows/notify/announce-verdict.ts";
import { eachOf } from "../../lib/workflows/notify/each-of.ts";
import type { Announcer } from "../../lib/workflows/notify/notification.ts";
import { watchDeletions } from "../../lib/workflows/notify/watch-deletions.ts";
import type { ChangeBook } from "../../lib/workflows/ports/change.ts";
import type { PauseBook, ReadPermit } from "../../lib/workflows/ports/guard.ts";
import type { DeletionLedger, RaiseAlarm } from "../../lib/workflows/ports/notices.ts";
import type { StackBook } from "../../lib/workflows/ports/stack.ts";
import type { ReceiptBook } from "../../lib/workflows/ports/votes.ts";
import { recordAlarm } from "../../lib/workflows/stack/record-alarm.ts";
import { processBatch, type QueueConsumer, type QueueDeps } from "../shared/queue-batch.ts";

/** What one batch works with. It holds no key, and no right to one. */
export interface NotifyBatch extends QueueDeps {
  readonly announcer: Announcer;
  readonly ledger: DeletionLedger;
  readonly raise: RaiseAlarm;
  readonly pauses: Pick<PauseBook, "read">;
  readonly changes: Pick<ChangeBook, "read">;
  readonly readPermit: ReadPermit;
  readonly readReceipt: ReceiptBook["read"];
  /** The chains of alarms. */
  readonly book: StackBook;
}

/** A mail, a summary, and three calls to a Slack that is slow. */
const messageTimeMs = 30_000;

/** Processes a batch of the notify queue. */
export async function handleBatch(
  batch: NotifyBatch,
  event: SQSEvent,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<SQSBatchResponse> {
  const { announcer, stack } = batch;
  const consumer: QueueConsumer<NoticeMessage> = {
    ...batch,
    name: "notify",
    messageTimeMs,
    log: announcer.log,
    parse: (body) => parseNoticeMessage(body, stack),
    process: async (message) => await handleMessage(batch, message),
  };
  return await processBatch(consumer, event, context);
}

async function handleMessage(batch: NotifyBatch, message: NoticeMessage): Promise<void> {
  const { announcer, ledger, raise } = batch;
  switch (message.kind) {
    case "nothing":
      return;
    case "alarm-state":
      return await recordAlarm({ ...announcer, book: batch.book }, message.change);
    case "alarm":
      return await announceAlarm(announcer, message.alarm);
    case "pause":
      return await announcePause(announcer, batch.pauses, message.number);
    case "change":
      return await announceChange(announcer, batch.changes, message.name);
    case "judged":
      return await announceVerdict(announcer, batch.readReceipt, message.requestId);
    case "permit":
      return await announcePermit(announcer, batch.readPermit, message.name);
    case "case": {
      const { cases, log } = announcer;
      const watch = { cases, ledger, raise, log };
      return await eachOf([
        ...(message.requestAdded ? [async () => await watchDeletions(watch, message.name)] : []),
        async () => await announceCase(announcer, message.name),
      ]);
    }
  }
}
