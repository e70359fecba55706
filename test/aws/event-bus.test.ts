import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import {
  createAskGuardToProbe,
  createCaseBus,
  createNotifyPauseChanged,
  createNotifyPermitChanged,
  createPublishHeartbeat,
  createRaiseAlarm,
  createReEvaluate,
} from "../../lib/aws/events/event-bus.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { detection, toRestore } from "../doubles/case-builder.ts";
import { emptyCase } from "../doubles/chain-names.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

interface Put {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail: string;
}

/** An event bus that takes every entry, unless `answer` says otherwise. */
function busWith(answer: () => Promise<object> = async () => ({ FailedEntryCount: 0 })) {
  const puts: (readonly Put[])[] = [];
  const client = {
    send: async ({ input }: { input: { Entries: readonly Put[] } }) => {
      puts.push(input.Entries);
      return await answer();
    },
  } as unknown as EventBridgeClient;
  return { client, puts };
}

const arn = keyArn();
const name = { keyArn: arn, generation: 2 };
const chainOf = (...bodies: readonly EntryBody[]) =>
  bodies.reduce<Chain>((chain, body) => append(chain, body, t0), emptyCase);
const alarm = { principal: "p", deletions: 3, keys: [arn], from: t0, to: t0 };
const heartbeat = {
  version: "0.1.0",
  policyHash: "f".repeat(64),
  mode: "enforce" as const,
  sweptAt: "2026-11-29T01:00:00.000Z",
  openCases: 0,
  logAgeMs: null,
  statesAgeMs: 3_600_000,
};
const refused = async () => ({ FailedEntryCount: 1, Entries: [{}, { ErrorCode: "ThrottlingException" }] });
const down = async () => await Promise.reject(new Error("ThrottlingException"));

describe("the event bus", () => {
  it("of the stack hears one event for each entry, with its kind and its case", async () => {
    const { client, puts } = busWith();
    const { entries } = chainOf(detection(), toRestore);
    await createCaseBus(client, "stack").publish(arn, 2, entries);
    const expected = entries.map((entry) => ({
      ...{ EventBusName: "stack", Source: "reprieve", DetailType: entry.kind },
      Detail: JSON.stringify({ case: { keyArn: arn, generation: 2 }, entry }),
    }));
    expect(puts).toEqual([expected]);
  });

  it.each<[string, (client: EventBridgeClient) => Promise<void>, string, object]>([
    [
      "a case to look at again",
      async (client) => await createReEvaluate(client, "b")(name),
      "re-evaluate",
      { case: name },
    ],
    ["a pause", async (client) => await createNotifyPauseChanged(client, "b")(7), "pause-changed", { pause: 7 }],
    [
      "a permit",
      async (client) => await createNotifyPermitChanged(client, "b")({ keyArn: arn, number: 3 }),
      "permit-changed",
      { permit: { keyArn: arn, number: 3 } },
    ],
    ["a probe", async (client) => await createAskGuardToProbe(client, "b")(), "probe", {}],
    ["a heartbeat", async (client) => await createPublishHeartbeat(client, "b")(heartbeat), "heartbeat", heartbeat],
    ["an alarm", async (client) => await createRaiseAlarm(client, "b")(alarm), "deletions-repeated", alarm],
    [
      "what is on no record",
      async (client) => await createCaseBus(client, "b").announceUnrecorded(arn, chainOf(detection()).entries),
      "unrecorded-deletion-detected",
      { case: { keyArn: arn }, entry: chainOf(detection()).entries[0] },
    ],
  ])("learns of %s by its name", async (_, notify, type, detail) => {
    const { client, puts } = busWith();
    await notify(client);
    expect(puts).toEqual([
      [{ EventBusName: "b", Source: "reprieve", DetailType: type, Detail: JSON.stringify(detail) }],
    ]);
  });

  it("takes ten entries in one call", async () => {
    const { client, puts } = busWith();
    const { entries } = chainOf(...Array.from({ length: 21 }, () => toRestore));
    await createCaseBus(client, "b").publish(arn, 1, entries);
    expect(puts.map(({ length }) => length)).toEqual([10, 10, 1]);
    expect(puts.flat().map(({ Detail }) => JSON.parse(Detail).entry.seq)).toEqual(entries.map(({ seq }) => seq));
  });

  it("takes no more than 256 KB in one call, and as few calls as that allows", async () => {
    const { client, puts } = busWith();
    // Each entry is some 60 KB of names.
    const by = Array.from({ length: 60 }, (_, n) => `${n}`.padEnd(1_000, "x"));
    const { entries } = chainOf(
      ...Array.from({ length: 12 }, () => ({ kind: "approval-granted", by, quorum: 2 }) as const),
    );
    await createCaseBus(client, "b").publish(arn, 1, entries);
    const bytes = puts.map((batch) => batch.reduce((sum, { Detail }) => sum + Buffer.byteLength(Detail), 0));
    expect(Math.max(...bytes)).toBeLessThan(262_144);
    expect(puts.map(({ length }) => length)).toEqual([3, 3, 3, 3]);
  });

  it.each([
    ["takes only some of the entries", refused],
    ["cannot be reached", down],
  ])("that %s is BUS_UNAVAILABLE, for everything that is put there", async (_, answer) => {
    const { client } = busWith(answer);
    const { entries } = chainOf(detection(), toRestore);
    const failed = { code: "BUS_UNAVAILABLE", disposition: "retry" };
    await expect(createCaseBus(client, "b").publish(arn, 1, entries)).rejects.toMatchObject(failed);
    await expect(createCaseBus(client, "b").announceUnrecorded(arn, entries)).rejects.toMatchObject(failed);
    await expect(createReEvaluate(client, "b")(name)).rejects.toMatchObject(failed);
    await expect(createNotifyPauseChanged(client, "b")(1)).rejects.toMatchObject(failed);
    await expect(createNotifyPermitChanged(client, "b")({ keyArn: arn, number: 1 })).rejects.toMatchObject(failed);
    await expect(createRaiseAlarm(client, "b")(alarm)).rejects.toMatchObject(failed);
  });
});
