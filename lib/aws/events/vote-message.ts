import * as v from "valibot";
import { GuardError } from "../../domain/guard-error.ts";
import { maxRequestBytes, type QueuedRequest } from "../../workflows/ports/votes.ts";
import { jsonOr } from "../json.ts";

const answered = v.pipe(v.string(), v.maxLength(100));
const body = v.pipe(v.string(), v.maxLength(Math.ceil(maxRequestBytes / 3) * 4), v.regex(/^[A-Za-z0-9+/]*={0,2}$/));
const header = v.pipe(v.string(), v.maxLength(200));
const printable = v.pipe(v.string(), v.maxLength(2048), v.regex(/^[\x21-\x7e]+$/));

const messageSchema = v.variant("via", [
  v.strictObject({ via: v.literal("slack"), body, timestamp: header, signature: header, answered }),
  v.strictObject({ via: v.literal("aws"), body, arn: printable, userId: printable, answered }),
]);

/** Returns the body of the message that carries a request: bytes in base64, because SQS takes only the characters of XML. */
export function voteMessage({ signed, answered: told }: QueuedRequest): string {
  if (signed.via === "slack") {
    const { via, timestamp, signature } = signed;
    return JSON.stringify({ via, body: base64Of(signed.body), timestamp, signature, answered: told });
  }
  const { arn, userId } = signed.claimed;
  return JSON.stringify({ via: "aws", body: base64Of(Buffer.from(signed.text)), arn, userId, answered: told });
}

/** Returns the request in the body of a message; nothing of it is verified. Throws EVENT_MALFORMED. */
export function parseVoteMessage(text: string): QueuedRequest {
  const parsed = v.safeParse(messageSchema, jsonOr(text));
  if (!parsed.success) throw new GuardError("EVENT_MALFORMED", "dead-letter", "the message carries no request");
  const { output } = parsed;
  const bytes = Buffer.from(output.body, "base64");
  if (output.via === "slack") {
    const { via, timestamp, signature } = output;
    return { signed: { via, body: bytes, timestamp, signature }, answered: output.answered };
  }
  const { via, arn, userId } = output;
  return { signed: { via, text: bytes.toString("utf8"), claimed: { via, arn, userId } }, answered: output.answered };
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
