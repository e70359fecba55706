import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import { changeNameText } from "../../domain/ledger/change-name.ts";
import { changePermitText } from "../../domain/ledger/change-permit-name.ts";
import type { Entry } from "../../domain/ledger/entry.ts";
import type { ActOnChange, NotifyChangePermit, NotifyChangeRecorded } from "../../workflows/ports/change.ts";
import type { CaseBus, NotifyPauseChanged, NotifyPermitChanged, ReEvaluate } from "../../workflows/ports/guard.ts";
import type { RaiseAlarm } from "../../workflows/ports/notices.ts";
import type { AskGuardToProbe, PublishHeartbeat } from "../../workflows/ports/self-check.ts";
import type { NotifyJudged } from "../../workflows/ports/votes.ts";
import {
  changePermitType,
  changeRecordedType,
  changeRequestedType,
  deletionsRepeatedType,
  heartbeatType,
  ownSource,
  pauseChangedType,
  permitChangedType,
  probeType,
  reEvaluateType,
  requestJudgedType,
} from "./own-event.ts";

/** PutEvents takes 10 entries and 256 KB per request. */
const maxBatch = 10;
const maxBatchBytes = 200_000;

interface Message {
  readonly type: string;
  readonly detail: string;
}

/** Tells what happened on the bus `busName`: one event per entry of a case, its kind as `detail-type`. */
export function createCaseBus(client: EventBridgeClient, busName: string): CaseBus {
  const send = async (messages: readonly Message[]) => {
    for (const batch of batches(messages)) await put(client, busName, batch);
  };
  return {
    publish: async (keyArn, generation, entries) =>
      await send(entries.map((entry) => ({ type: entry.kind, detail: detailOf(keyArn, entry, { generation }) }))),
    announceUnrecorded: async (keyArn, entries) =>
      await send(entries.map((entry) => ({ type: `unrecorded-${entry.kind}`, detail: detailOf(keyArn, entry, {}) }))),
  };
}

/** Asks the guard, by way of the bus `busName`, to re-evaluate a case. */
export function createReEvaluate(client: EventBridgeClient, busName: string): ReEvaluate {
  return async ({ keyArn, generation }) =>
    await put(client, busName, [{ type: reEvaluateType, detail: JSON.stringify({ case: { keyArn, generation } }) }]);
}

/** Publishes on the bus `busName` that a pause has changed. */
export function createNotifyPauseChanged(client: EventBridgeClient, busName: string): NotifyPauseChanged {
  return async (number) =>
    await put(client, busName, [{ type: pauseChangedType, detail: JSON.stringify({ pause: number }) }]);
}

/** Publishes on the bus `busName` that a permit requested before a deletion has changed. */
export function createNotifyPermitChanged(client: EventBridgeClient, busName: string): NotifyPermitChanged {
  return async ({ keyArn, number }) =>
    await put(client, busName, [{ type: permitChangedType, detail: JSON.stringify({ permit: { keyArn, number } }) }]);
}

/** Publishes on the bus `busName` that something was added to the chain of a change. */
export function createNotifyChangeRecorded(client: EventBridgeClient, busName: string): NotifyChangeRecorded {
  return async (name) =>
    await put(client, busName, [
      { type: changeRecordedType, detail: JSON.stringify({ change: changeNameText(name) }) },
    ]);
}

/** Publishes on the bus `busName` that a permit for a change was added to. */
export function createNotifyChangePermit(client: EventBridgeClient, busName: string): NotifyChangePermit {
  return async (name) =>
    await put(client, busName, [
      { type: changePermitType, detail: JSON.stringify({ permit: changePermitText(name) }) },
    ]);
}

/** Asks remediation, by way of the bus `busName`, to act on what a person requested about a change. */
export function createActOnChange(client: EventBridgeClient, busName: string): ActOnChange {
  return async (name) =>
    await put(client, busName, [
      { type: changeRequestedType, detail: JSON.stringify({ change: changeNameText(name) }) },
    ]);
}

/** Publishes on the bus `busName` that a request was judged. */
export function createNotifyJudged(client: EventBridgeClient, busName: string): NotifyJudged {
  return async (requestId) =>
    await put(client, busName, [{ type: requestJudgedType, detail: JSON.stringify({ request: requestId }) }]);
}

/** Asks the guard, by way of the bus `busName`, to probe its role. */
export function createAskGuardToProbe(client: EventBridgeClient, busName: string): AskGuardToProbe {
  return async () => await put(client, busName, [{ type: probeType, detail: "{}" }]);
}

/** Publishes heartbeats on the bus `busName`. */
export function createPublishHeartbeat(client: EventBridgeClient, busName: string): PublishHeartbeat {
  return async (heartbeat) => await put(client, busName, [{ type: heartbeatType, detail: JSON.stringify(heartbeat) }]);
}

/** Puts the alarm on a principal who deletes again and again on the bus `busName`. */
export function createRaiseAlarm(client: EventBridgeClient, busName: string): RaiseAlarm {
  return async (alarm) => await put(client, busName, [{ type: deletionsRepeatedType, detail: JSON.stringify(alarm) }]);
}

function detailOf(keyArn: KeyArn, entry: Entry, generation: { generation?: number }): string {
  return JSON.stringify({ case: { keyArn, ...generation }, entry });
}

function* batches(messages: readonly Message[]): Generator<Message[]> {
  let batch: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.detail);
    if (batch.length === maxBatch || (batch.length > 0 && bytes + size > maxBatchBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function put(client: EventBridgeClient, busName: string, batch: readonly Message[]): Promise<void> {
  const Entries = batch.map(({ type, detail }) => ({
    EventBusName: busName,
    Source: ownSource,
    DetailType: type,
    Detail: detail,
  }));
  const answer = await client.send(new PutEventsCommand({ Entries })).catch((error: unknown) => {
    throw new GuardError("BUS_UNAVAILABLE", "retry", "the event bus cannot be reached", { cause: error });
  });
  if (answer.FailedEntryCount)
    throw new GuardError("BUS_UNAVAILABLE", "retry", "the event bus did not take every entry");
}
