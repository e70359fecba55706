import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { GuardError } from "../../domain/guard-error.ts";
import { keyArnParts } from "../../domain/key/key-arn.ts";
import { type Subject, subjectFrom, subjectText } from "../../domain/operations/subject.ts";
import type { MissedChange, ReportMissed } from "../../workflows/ports/change.ts";
import { ownSource } from "./own-event.ts";

/** `detail-type` of the message that the inventory saw a change of which no event told. */
const missedType = "change-missed";

interface Stack {
  readonly account: string;
  readonly region: string;
}

/** Sends missed changes to the queue at `queueUrl`, that of the function which may undo them. */
export function createReportMissed(client: Pick<SQSClient, "send">, queueUrl: string, stack: Stack): ReportMissed {
  return async (missed) => {
    const message = { QueueUrl: queueUrl, MessageBody: missedChangeMessage(missed, stack) };
    await client.send(new SendMessageCommand(message)).catch((error: unknown) => {
      throw new GuardError("QUEUE_UNAVAILABLE", "retry", "the queue of changes cannot be reached", { cause: error });
    });
  };
}

/** Returns the body of the message that names a missed change. */
export function missedChangeMessage({ aspect, subject, at }: MissedChange, { account, region }: Stack): string {
  const detail = { aspect, subject: subjectText(subject), at };
  return JSON.stringify({ source: ownSource, "detail-type": missedType, account, region, detail });
}

const messageSchema = v.object({
  source: v.literal(ownSource),
  "detail-type": v.literal(missedType),
  account: v.string(),
  region: v.string(),
  detail: v.strictObject({
    aspect: v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,31}$/)),
    subject: v.pipe(
      v.string(),
      v.transform(subjectFrom),
      v.custom<Subject>((subject) => subject !== undefined),
    ),
    at: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(253_402_300_799_999)),
  }),
});

/** Returns the missed change that a message of this very stack names, or undefined for anything else. Nothing in it is trusted but as a reason to look. */
export function missedChangeIn(json: unknown, stack: Stack): MissedChange | undefined {
  const parsed = v.safeParse(messageSchema, json);
  if (!parsed.success) return undefined;
  const { account, region, detail } = parsed.output;
  const places = [{ account, region }, ...(detail.subject.kind === "key" ? [keyArnParts(detail.subject.keyArn)] : [])];
  const isOwn = places.every((place) => place.account === stack.account && place.region === stack.region);
  return isOwn ? detail : undefined;
}
