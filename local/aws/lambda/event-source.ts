import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { type LocalQueue, md5, type QueuedMessage } from "../queue/local-queue.ts";
import { systemAttributes } from "../queue/sqs-api.ts";
import type { Invocable } from "./invocable.ts";

export interface EventSourceOptions {
  readonly queue: LocalQueue;
  readonly queueArn: string;
  readonly region: string;
  readonly target: Pick<Invocable, "invoke">;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly partialResponses: boolean;
  /** Is called for an invocation that failed as a whole. */
  readonly onFailure: (error: unknown) => void;
}

/** Lambda's poller of an SQS queue: hands batches to the function, and deletes what it does not report as failed. */
export class EventSource {
  readonly #options: EventSourceOptions;
  readonly #stopped = new AbortController();
  readonly #pollers: Promise<void>[] = [];
  #busy = 0;

  constructor(options: EventSourceOptions) {
    this.#options = options;
  }

  /** Batches being worked on. */
  get busy(): number {
    return this.#busy;
  }

  start(): void {
    for (let n = 0; n < this.#options.maximumConcurrency; n++) this.#pollers.push(this.#poll());
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#pollers);
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const messages = this.#options.queue.receive(this.#options.batchSize);
      if (messages.length === 0) {
        await this.#options.queue.somethingVisible(signal);
        continue;
      }
      this.#busy += 1;
      await this.#hand(messages);
      this.#busy -= 1;
    }
  }

  async #hand(messages: readonly QueuedMessage[]): Promise<void> {
    const { queue, target, partialResponses, onFailure } = this.#options;
    try {
      const answer = (await target.invoke(this.#eventOf(messages))) as Partial<SQSBatchResponse> | undefined;
      const failures = partialResponses ? (answer?.batchItemFailures ?? []) : [];
      const failed = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { id, receiptHandle } of messages) if (!failed.has(id)) queue.delete(receiptHandle ?? "");
    } catch (error) {
      // The whole batch comes back after the visibility timeout.
      if (!this.#stopped.signal.aborted) onFailure(error);
    }
  }

  #eventOf(messages: readonly QueuedMessage[]): SQSEvent {
    return {
      Records: messages.map((message) => ({
        messageId: message.id,
        receiptHandle: message.receiptHandle ?? "",
        body: message.body,
        attributes: systemAttributes(message) as unknown as SQSEvent["Records"][number]["attributes"],
        messageAttributes: {},
        md5OfBody: md5(message.body),
        eventSource: "aws:sqs",
        eventSourceARN: this.#options.queueArn,
        awsRegion: this.#options.region,
      })),
    };
  }
}
