import {
  type CloudTrailClient,
  type Event,
  type LookupAttribute,
  LookupEventsCommand,
  type LookupEventsCommandInput,
  type LookupEventsCommandOutput,
} from "@aws-sdk/client-cloudtrail";
import type { DeletionRequest } from "../../domain/deletion/request.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { EventHistory, HistoryPart, Stretch } from "../../workflows/ports/sweep.ts";
import type { Pace } from "../payment-cryptography/pace.ts";
import { parseRecord } from "./event.ts";
import type { Stack } from "./queue-message.ts";

// AWS's records of Payment Cryptography name no resources, so that they cannot be looked up by key.
const byName: LookupAttribute = { AttributeKey: "EventName", AttributeValue: "DeleteKey" };

/** CloudTrail's event history of this account and Region: 90 days. `pace` keeps to the 2 requests/s that all callers share. */
export function createEventHistory(client: CloudTrailClient, stack: Stack, pace: Pace): EventHistory {
  const lookUp = async (input: LookupEventsCommandInput) => {
    await pace();
    return await send(client, input);
  };
  return {
    read: async (stretch, timeLeft) => await read(lookUp, stack, stretch, timeLeft),
    record: async (eventId) => {
      const found = await eventNamed(lookUp, eventId);
      return found === undefined ? "none" : (deletionIn(found, stack) ?? "other-call");
    },
  };
}

type LookUp = (input: LookupEventsCommandInput) => Promise<LookupEventsCommandOutput>;

/** Maximum pages of one lookup by eventID: a page may be empty without being the last. */
const maxPagesOfRecord = 5;

/** Returns the event `eventId`, or undefined for none. Throws HISTORY_UNAVAILABLE, also for an answer that does not end. */
async function eventNamed(lookUp: LookUp, eventId: string): Promise<Event | undefined> {
  const LookupAttributes: LookupAttribute[] = [{ AttributeKey: "EventId", AttributeValue: eventId }];
  let token: string | undefined;
  for (let pages = 0; pages < maxPagesOfRecord; pages++) {
    const page = await lookUp({ LookupAttributes, ...(token !== undefined && { NextToken: token }) });
    const found = page.Events?.find((event) => event.EventId === eventId);
    token = page.NextToken || undefined;
    if (found !== undefined || token === undefined) return found;
  }
  throw new GuardError("HISTORY_UNAVAILABLE", "retry", "a lookup by eventID does not end");
}

async function read(lookUp: LookUp, stack: Stack, { from, to }: Stretch, timeLeft: () => number): Promise<HistoryPart> {
  const calls = new Map<KeyArn, DeletionRequest[]>();
  const end = to === undefined ? {} : { EndTime: new Date(to) };
  const stretch = { LookupAttributes: [byName], MaxResults: 50, StartTime: new Date(Math.max(from, 0)), ...end };
  let reachedAt = Number.POSITIVE_INFINITY;
  let token: string | undefined;
  do {
    const page = await lookUp({ ...stretch, ...(token !== undefined && { NextToken: token }) });
    for (const event of page.Events ?? []) {
      reachedAt = Math.min(reachedAt, event.EventTime?.getTime() ?? Number.POSITIVE_INFINITY);
      keepCall(calls, deletionIn(event, stack));
    }
    token = page.NextToken || undefined;
  } while (token !== undefined && timeLeft() > 0);
  return { calls, complete: token === undefined, ...(Number.isFinite(reachedAt) && { reachedAt }) };
}

async function send(client: CloudTrailClient, input: LookupEventsCommandInput): Promise<LookupEventsCommandOutput> {
  try {
    return await client.send(new LookupEventsCommand(input));
  } catch (error) {
    throw new GuardError("HISTORY_UNAVAILABLE", "retry", "the event history of cloudtrail cannot be read", {
      cause: error,
    });
  }
}

/** A record of the history says the same as the event made of it; whatever is no successful call on a key of ours is passed over. */
function deletionIn({ CloudTrailEvent = "" }: Event, stack: Stack): DeletionRequest | undefined {
  const message = parseRecord(CloudTrailEvent, stack);
  return message.kind === "deletion" && message.request.target.kind === "arn" ? message.request : undefined;
}

function keepCall(calls: Map<KeyArn, DeletionRequest[]>, call: DeletionRequest | undefined): void {
  if (call?.target.kind !== "arn") return;
  const known = calls.get(call.target.arn);
  if (known === undefined) calls.set(call.target.arn, [call]);
  else known.push(call);
}
