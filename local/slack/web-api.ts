import * as v from "valibot";
import { blocksOf } from "./block-limits.ts";
import type { Content } from "./message-board.ts";
import { modalFrom } from "./modal-limits.ts";
import { complaintsOf, Refusal } from "./refusal.ts";
import { bot, botUser, domain, messageObject, viewObject } from "./slack-objects.ts";
import type { Surroundings } from "./surroundings.ts";

/** Longest text of a message. */
const maxText = 40_000;

const blocksSchema = blocksOf(50);

type Arguments = Readonly<Record<string, unknown>>;

/** The methods of Slack's Web API that an app of ours may call. */
export class WebApi {
  readonly #around: Surroundings;
  readonly #methods: Readonly<Record<string, (given: Arguments) => object>> = {
    "auth.test": () => this.#whoAmI(),
    "chat.postMessage": (given) => this.#post(given),
    "chat.update": (given) => this.#update(given),
    "chat.postEphemeral": (given) => this.#whisper(given),
    "views.open": (given) => this.#open(given),
  };

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Slack says everything but rate limits with status 200. */
  call(method: string, authorization: string | undefined, body: string): object {
    try {
      if (authorization === undefined) throw new Refusal("not_authed");
      if (authorization !== `Bearer ${this.#around.botToken}`) throw new Refusal("invalid_auth");
      const run = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined;
      if (run === undefined) throw new Refusal("unknown_method");
      return { ok: true, ...run(argumentsIn(body)) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, complaints } = error;
      return {
        ok: false,
        error: code,
        ...(complaints.length > 0 && {
          errors: complaints,
          response_metadata: { messages: complaints.map((complaint) => `[ERROR] ${complaint}`) },
        }),
      };
    }
  }

  #whoAmI(): object {
    const { teamId, address } = this.#around;
    return { url: `${address()}/`, team: domain, user: "reprieve", team_id: teamId, user_id: botUser, bot_id: bot };
  }

  #post(given: Arguments): object {
    const channel = this.#channelIn(given);
    const threadTs = given["thread_ts"] === undefined ? undefined : text(given, "thread_ts");
    const message = this.#around.board.post(channel, contentIn(given), threadTs);
    return { channel, ts: message.ts, message: messageObject(message, this.#around) };
  }

  #update(given: Arguments): object {
    const channel = this.#channelIn(given);
    const message = this.#around.board.update(channel, text(given, "ts"), contentIn(given));
    return { channel, ts: message.ts, text: message.text, message: messageObject(message, this.#around) };
  }

  #whisper(given: Arguments): object {
    const channel = this.#channelIn(given);
    const user = text(given, "user");
    if (!this.#around.members.some(({ id }) => id === user)) throw new Refusal("user_not_in_channel");
    return { message_ts: this.#around.board.whisper(channel, user, contentIn(given).text) };
  }

  #open(given: Arguments): object {
    // First the view: a trigger is not used up by a dialog that Slack refuses.
    const view = modalFrom(given["view"]);
    const { user, channel } = this.#around.triggers.exchange(text(given, "trigger_id"));
    return { view: viewObject(this.#around.modals.open(user, channel, view), this.#around, {}) };
  }

  #channelIn(given: Arguments): string {
    const channel = text(given, "channel");
    if (!this.#around.channels.some(({ id }) => id === channel)) throw new Refusal("channel_not_found");
    return channel;
  }
}

function argumentsIn(body: string): Arguments {
  try {
    const value: unknown = JSON.parse(body === "" ? "{}" : body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Arguments;
  } catch {
    throw new Refusal("invalid_json");
  }
  throw new Refusal("json_not_object");
}

function text(given: Arguments, key: string): string {
  const value = given[key];
  if (typeof value === "string" && value !== "") return value;
  throw new Refusal("invalid_arguments", [`missing required field: ${key} [json-pointer:/${key}]`]);
}

function contentIn({ text, blocks = [], metadata }: Arguments): Content {
  const parsed = v.safeParse(blocksSchema, blocks);
  if (!parsed.success) throw new Refusal("invalid_blocks", complaintsOf(parsed.issues, "blocks"));
  const content = typeof text === "string" ? text : "";
  if (content === "" && parsed.output.length === 0) throw new Refusal("no_text");
  if (content.length > maxText) throw new Refusal("msg_too_long");
  return { text: content, blocks: parsed.output, ...(metadata !== undefined && { metadata }) };
}
