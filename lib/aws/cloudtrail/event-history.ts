import { type CloudTrailClient, LookupEventsCommand, type LookupEventsCommandOutput } from "@aws-sdk/client-cloudtrail";
import type { DeletionRequest } from "../../domain/deletion/request.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { EventHistory } from "../../workflows/ports/sweep.ts";
import type { Pace } from "../payment-cryptography/pace.ts";
import { parseRecord, type Stack } from "./event.ts";

/** Pages of 50 calls read at the most: at the 2 requests/s that CloudTrail allows per account and region, a minute. */
const maxPages = 120;

/** Time (ms) kept for the page being read and for what the caller does with the answer. */
const reservedMs = 20_000;

/** CloudTrail's event history of this account and region: 90 days, newest first. */
export function createEventHistory(client: CloudTrailClient, stack: Stack, pace: Pace): EventHistory {
  return async (timeLeft) => {
    const calls = new Map<KeyArn, DeletionRequest[]>();
    let token: string | undefined;
    for (let pages = 0; pages < maxPages && (pages === 0 || timeLeft() > reservedMs); pages++) {
      await pace();
      const page = await lookUp(client, token);
      for (const { CloudTrailEvent = "" } of page.Events ?? []) keepCall(calls, CloudTrailEvent, stack);
      token = page.NextToken;
      if (!token) return { calls, complete: true };
    }
    return { calls, complete: false };
  };
}

async function lookUp(client: CloudTrailClient, token: string | undefined): Promise<LookupEventsCommandOutput> {
  // AWS's records of Payment Cryptography name no resources, so that they cannot be looked up by key.
  const byName = { AttributeKey: "EventName", AttributeValue: "DeleteKey" } as const;
  try {
    return await client.send(
      new LookupEventsCommand({ LookupAttributes: [byName], MaxResults: 50, ...(token && { NextToken: token }) }),
    );
  } catch (error) {
    throw new GuardError("HISTORY_UNAVAILABLE", "retry", "the event history of cloudtrail cannot be read", {
      cause: error,
    });
  }
}

/** A record of the history says the same as the event made of it; whatever is no successful call on a key of ours is passed over. */
function keepCall(calls: Map<KeyArn, DeletionRequest[]>, record: string, stack: Stack): void {
  const message = parseRecord(record, stack);
  if (message.kind !== "deletion" || message.request.target.kind !== "arn") return;
  const { arn } = message.request.target;
  const known = calls.get(arn);
  if (known === undefined) calls.set(arn, [message.request]);
  else known.push(message.request);
}
