/** How long (ms) a FIFO queue remembers the deduplication id of a message. */
const rememberedMs = 300_000;

/** Where a message of a FIFO queue belongs. */
export interface FifoPlace {
  readonly group: string;
  readonly deduplicationId: string;
}

/** Remembers deduplication ids, of each group for itself, for five minutes: also of messages that are gone. */
export class Deduplication<Message extends { readonly sentAt: number }> {
  readonly #sent = new Map<string, Message>();

  /** Returns the message that was sent with this id a while ago, if any. */
  known({ group, deduplicationId }: FifoPlace, now: number): Message | undefined {
    const message = this.#sent.get(`${group} ${deduplicationId}`);
    return message !== undefined && now - message.sentAt < rememberedMs ? message : undefined;
  }

  remember({ group, deduplicationId }: FifoPlace, message: Message): void {
    this.#sent.set(`${group} ${deduplicationId}`, message);
  }
}

/** Returns the messages, in their order, that are not behind one of their group that is in flight. */
export function unblocked<Message extends { readonly place?: FifoPlace; readonly visibleAt: number }>(
  messages: readonly Message[],
  now: number,
): Message[] {
  const blocked = new Set<string>();
  return messages.filter(({ place, visibleAt }) => {
    if (place === undefined) return visibleAt <= now;
    if (visibleAt > now) blocked.add(place.group);
    return !blocked.has(place.group);
  });
}
