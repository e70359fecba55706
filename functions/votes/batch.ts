import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { parseVoteMessage } from "../../lib/aws/events/vote-message.ts";
import type { QueuedRequest } from "../../lib/workflows/ports/votes.ts";
import { type FifoConsumer, processFifoBatch } from "../shared/fifo-batch.ts";
import type { QueueDeps } from "../shared/queue-batch.ts";
import { judgeRequest, type VotesDeps } from "./judge-request.ts";

/** What one batch works with. */
export interface VotesBatch extends Pick<QueueDeps, "queue" | "maxReceives"> {
  readonly votes: VotesDeps;
}

/** STS, five calls of the table and two of the bus, each of which may be slow. */
const messageTimeMs = 15_000;

/** Processes a batch of the queue of requests, Keeps first. */
export async function handleBatch(
  { queue, maxReceives, votes }: VotesBatch,
  event: SQSEvent,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<SQSBatchResponse> {
  const consumer: FifoConsumer<QueuedRequest> = {
    ...{ queue, maxReceives, messageTimeMs, name: "votes", log: votes.log },
    isUrgentGroup: (group) => group.startsWith("keep."),
    parse: parseVoteMessage,
    process: async (queued, _deliveries, sentAt) => await judgeRequest(votes, queued, sentAt),
  };
  return await processFifoBatch(consumer, event, context);
}
