import { createHash, randomUUID } from "node:crypto";
import type { Clock } from "../../clock/clock.ts";
import { Deduplication, type FifoPlace, unblocked } from "./fifo.ts";

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
}

/** A message as the queue holds it; times in ms on the world's clock. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly sentAt: number;
  /** Of a FIFO queue alone. */
  readonly place?: FifoPlace;
  visibleAt: number;
  receives: number;
  firstReceivedAt?: number;
  receiptHandle?: string;
}

export interface QueueOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly visibilityMs: number;
  readonly retentionMs: number;
  readonly fifo?: boolean;
  readonly redrive?: { readonly maxReceives: number; readonly to: LocalQueue };
  /** Its policy as JSON, for those who read it: nothing here enforces it. */
  readonly policy?: string;
}

/** An SQS queue in memory: visibility, receive counts, retention, redrive; of a FIFO queue the order of each group, and deduplication. */
export class LocalQueue {
  readonly name: string;
  readonly #options: QueueOptions;
  readonly #messages = new Map<string, QueuedMessage>();
  readonly #deduplication = new Deduplication<QueuedMessage>();
  readonly #waiting = new Set<() => void>();

  constructor(options: QueueOptions) {
    this.#options = options;
    this.name = options.name;
  }

  get policy(): string {
    return this.#options.policy ?? "{}";
  }

  get messages(): readonly QueuedMessage[] {
    return [...this.#messages.values()];
  }

  get isFifo(): boolean {
    return this.#options.fifo === true;
  }

  get visible(): readonly QueuedMessage[] {
    return unblocked(this.messages, this.#options.clock.now());
  }

  /** Takes a message; a FIFO queue answers with the one that it took before where the deduplication id is the same. */
  send(body: string, attributes: QueuedMessage["attributes"] = {}, delayMs = 0, place?: FifoPlace): QueuedMessage {
    const now = this.#options.clock.now();
    const known = place && this.#deduplication.known(place, now);
    if (known !== undefined) return known;
    const times = { sentAt: now, visibleAt: now + delayMs, receives: 0 };
    const message: QueuedMessage = { id: randomUUID(), body, attributes, ...times, ...(place && { place }) };
    this.#messages.set(message.id, message);
    if (place !== undefined) this.#deduplication.remember(place, message);
    this.#notify();
    return message;
  }

  /** Up to `max` visible messages, which then stay hidden for the visibility timeout. */
  receive(max: number, visibilityMs = this.#options.visibilityMs): QueuedMessage[] {
    this.#expire();
    const now = this.#options.clock.now();
    const taken: QueuedMessage[] = [];
    for (const message of this.visible) {
      if (taken.length === max) break;
      if (this.#redriven(message)) continue;
      message.receives += 1;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + visibilityMs;
      message.receiptHandle = randomUUID();
      taken.push(message);
    }
    return taken;
  }

  /** Answers false for a receipt handle that is not the newest of a message here. */
  changeVisibility(receiptHandle: string, ms: number): boolean {
    const message = this.#byReceipt(receiptHandle);
    if (message === undefined) return false;
    message.visibleAt = this.#options.clock.now() + ms;
    this.#notify();
    return true;
  }

  delete(receiptHandle: string): void {
    const message = this.#byReceipt(receiptHandle);
    if (message !== undefined) this.#messages.delete(message.id);
  }

  purge(): void {
    this.#messages.clear();
  }

  /** Resolves when a message may have become visible. */
  async somethingVisible(signal: AbortSignal): Promise<void> {
    if (this.visible.length > 0 || signal.aborted) return;
    const now = this.#options.clock.now();
    const next = Math.min(...this.messages.map(({ visibleAt }) => visibleAt).filter((at) => at > now));
    await new Promise<void>((resolve) => {
      const { clock } = this.#options;
      const wake = () => {
        timer?.cancel();
        signal.removeEventListener("abort", wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = Number.isFinite(next) ? clock.after(Math.max(0, next - clock.now()), wake) : undefined;
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  #notify(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #byReceipt(receiptHandle: string): QueuedMessage | undefined {
    return this.messages.find((message) => message.receiptHandle === receiptHandle);
  }

  #redriven(message: QueuedMessage): boolean {
    const { redrive } = this.#options;
    if (redrive === undefined || message.receives < redrive.maxReceives) return false;
    this.#messages.delete(message.id);
    redrive.to.send(message.body, message.attributes, 0, message.place);
    return true;
  }

  #expire(): void {
    const oldest = this.#options.clock.now() - this.#options.retentionMs;
    for (const message of this.messages) if (message.sentAt < oldest) this.#messages.delete(message.id);
  }
}

export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
