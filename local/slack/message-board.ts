import { type Block, type Button, named } from "./block-limits.ts";
import { Refusal } from "./refusal.ts";

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** How often it was updated. */
  readonly edited: number;
  readonly metadata?: unknown;
}

/** What one person alone sees. */
export interface Ephemeral {
  readonly channel: string;
  readonly user: string;
  readonly text: string;
}

/** What an app may say in a message. */
export interface Content {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly metadata?: unknown;
}

/** Everything said in the channels, in order. */
export class MessageBoard {
  readonly #now: () => number;
  readonly #changed: () => void;
  readonly #messages: SlackMessage[] = [];
  readonly #whispers: (Ephemeral & { readonly ts: string })[] = [];
  #second = 0;
  #within = 0;

  constructor(now: () => number, changed: () => void) {
    this.#now = now;
    this.#changed = changed;
  }

  get messages(): readonly SlackMessage[] {
    return [...this.#messages];
  }

  get whispers(): readonly (Ephemeral & { readonly ts: string })[] {
    return [...this.#whispers];
  }

  post(channel: string, content: Content, threadTs?: string): SlackMessage {
    const parent = threadTs === undefined ? undefined : this.#messages[this.#indexOf(channel, threadTs)];
    if (threadTs !== undefined && parent === undefined) throw new Refusal("thread_not_found");
    const message = {
      channel,
      ts: this.#nextTs(),
      // A reply to a reply belongs to the same thread.
      ...(parent && { threadTs: parent.threadTs ?? parent.ts }),
      ...content,
      blocks: named(content.blocks),
      edited: 0,
    };
    this.#messages.push(message);
    this.#changed();
    return message;
  }

  update(channel: string, ts: string, content: Content): SlackMessage {
    const index = this.#indexOf(channel, ts);
    const old = this.#messages[index];
    if (old === undefined) throw new Refusal("message_not_found");
    const message = { ...old, ...content, blocks: named(content.blocks), edited: old.edited + 1 };
    this.#messages[index] = message;
    this.#changed();
    return message;
  }

  /** Answers the time of the whisper; it can never be updated. */
  whisper(channel: string, user: string, text: string): string {
    const ts = this.#nextTs();
    this.#whispers.push({ channel, user, text, ts });
    this.#changed();
    return ts;
  }

  find(channel: string, ts: string): SlackMessage | undefined {
    return this.#messages[this.#indexOf(channel, ts)];
  }

  #indexOf(channel: string, ts: string): number {
    return this.#messages.findIndex((message) => message.channel === channel && message.ts === ts);
  }

  /** The time of a message is its name, so no two are alike, and they ascend also when the clock does not. */
  #nextTs(): string {
    const second = Math.max(this.#second, Math.floor(this.#now() / 1000));
    this.#within = second === this.#second ? this.#within + 100 : 100;
    this.#second = second;
    return `${second}.${String(this.#within).padStart(6, "0")}`;
  }
}

/** The button `actionId` of these blocks, with the block that holds it. */
export function buttonOf(
  blocks: readonly Block[],
  actionId: string,
): { readonly button: Button; readonly blockId: string } | undefined {
  for (const block of blocks) {
    const held = block.type === "actions" ? block.elements : block.type === "section" ? [block.accessory] : [];
    const button = held.find((one) => one?.action_id === actionId);
    if (button) return { button, blockId: block.block_id ?? "" };
  }
  return undefined;
}
