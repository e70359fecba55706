import { readFileSync } from "node:fs";
import { CloudTrailClient, type Event } from "@aws-sdk/client-cloudtrail";
import { describe, expect, it } from "vitest";
import { createEventHistory } from "../../lib/aws/cloudtrail/event-history.ts";
import { day, keyArn, t0 } from "../doubles/key-world.ts";

const stack = { account: "111122223333", region: "us-east-1" };
const detail = (file: string): Record<string, unknown> =>
  (JSON.parse(readFileSync(`events/${file}.json`, "utf8")) as { detail: Record<string, unknown> }).detail;
const sso = detail("delete-key-sso");
const event = (record: unknown): Event => ({
  CloudTrailEvent: typeof record === "string" ? record : JSON.stringify(record),
});

/** CloudTrail that answers `pages`, one after the other; what it was asked is kept. */
function historyOf(pages: readonly (readonly Event[] | Error)[]) {
  const asked: object[] = [];
  let paced = 0;
  const send = async ({ input }: { input: object }) => {
    const page = pages[asked.length];
    asked.push(input);
    if (page instanceof Error) throw page;
    return { Events: page, ...(asked.length < pages.length && { NextToken: `page-${asked.length}` }) };
  };
  const client = Object.assign(new CloudTrailClient({ region: "us-east-1" }), { send }) as unknown as CloudTrailClient;
  const { read, record } = createEventHistory(client, stack, async () => {
    paced += 1;
  });
  const since = async (timeLeft: () => number = () => 240_000) => await read({ from: t0 }, timeLeft);
  return { read, record, since, asked, paced: () => paced };
}

describe("a stretch of the event history of CloudTrail", () => {
  it("tells every successful call on each key, over all pages, each of them paced", async () => {
    const older = { ...sso, eventID: "11111111-1111-4111-8111-111111111111", eventTime: "2024-05-20T10:00:00Z" };
    const { read, asked, paced } = historyOf([[event(older)], [event(sso)], [event(older)]]);
    const { calls, complete } = await read({ from: t0 - day, to: t0 + 1500 }, () => 240_000);
    expect(complete).toBe(true);
    expect([...calls.keys()]).toEqual([keyArn()]);
    expect(calls.get(keyArn())).toMatchObject([
      { eventId: older.eventID },
      { eventId: sso["eventID"], at: t0, requester: { kind: "role-session" } },
      { eventId: older.eventID },
    ]);
    const stretch = {
      LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "DeleteKey" }],
      MaxResults: 50,
      StartTime: new Date(t0 - day),
      EndTime: new Date(t0 + 1500),
    };
    expect(asked).toEqual([stretch, { ...stretch, NextToken: "page-1" }, { ...stretch, NextToken: "page-2" }]);
    expect(paced()).toBe(3);
  });

  it("has no end unless one is named, and begins no earlier than time", async () => {
    const { read, asked } = historyOf([[]]);
    await read({ from: -1 }, () => 1);
    expect(asked).toMatchObject([{ StartTime: new Date(0) }]);
    expect(asked[0]).not.toHaveProperty("EndTime");
  });

  it("passes over what is no successful call on a key of ours", async () => {
    const denied = detail("delete-key-access-denied");
    const elsewhere = detail("delete-key-other-account");
    const aliasOnly = detail("delete-key-alias-only");
    const ofKms = { ...sso, eventSource: "kms.amazonaws.com" };
    const garbage = ["", "{", "null", "[]", '"x"', '{"a":1}', '{},"source":"aws.other"'];
    const { since } = historyOf([[denied, elsewhere, aliasOnly, ofKms, ...garbage].map(event), [{}]]);
    expect(await since()).toEqual({ calls: new Map(), complete: true });
  });

  it("keeps two calls of the same second apart", async () => {
    const second = { ...sso, eventID: "11111111-1111-4111-8111-111111111111" };
    const { since } = historyOf([[event(sso), event(second)]]);
    const calls = (await since()).calls.get(keyArn());
    expect(calls).toMatchObject([
      { eventId: sso["eventID"], at: t0 },
      { eventId: second.eventID, at: t0 },
    ]);
  });

  it("is read as far as there is time, one page at least, and says how far it came", async () => {
    const left = [2, 1, 0];
    const at = (ms: number) => ({ ...event("{}"), EventTime: new Date(ms) });
    const { since, asked } = historyOf([[event(sso)], [at(t0 + 5), at(t0 + 4)], [at(t0 + 7)], [at(t0 + 1)]]);
    expect(await since(() => left.shift() ?? 0)).toMatchObject({ complete: false, reachedAt: t0 + 4 });
    expect(asked).toHaveLength(3);
    const late = historyOf([[event(sso)], []]);
    const { calls, complete } = await late.since(() => 0);
    expect({ found: calls.get(keyArn())?.length, complete }).toEqual({ found: 1, complete: false });
    const short = historyOf([[event(sso)]]);
    expect(await short.since(() => 0)).toMatchObject({ complete: true });
  });

  it("is out of reach with a code", async () => {
    const { since } = historyOf([[event(sso)], new Error("ThrottlingException")]);
    await expect(since()).rejects.toMatchObject({ code: "HISTORY_UNAVAILABLE" });
  });
});

describe("the record of one call", () => {
  const id = String(sso["eventID"]);
  const found = (record: unknown, EventId = id): Event => ({ ...event(record), EventId });

  it("is looked up by its eventID, with one paced request", async () => {
    const { record, asked, paced } = historyOf([[found(sso)]]);
    expect(await record(id)).toMatchObject({ eventId: id, at: t0, target: { kind: "arn", arn: keyArn() } });
    expect(asked).toEqual([{ LookupAttributes: [{ AttributeKey: "EventId", AttributeValue: id }] }]);
    expect(paced()).toBe(1);
  });

  it.each([
    ["none where CloudTrail has no such event", [], "none"],
    ["none where it answers another event", [found(sso, "22222222-2222-4222-8222-222222222222")], "none"],
    ["another call where the deletion failed", [found(detail("delete-key-access-denied"))], "other-call"],
    ["another call where the key is not of this stack", [found(detail("delete-key-other-account"))], "other-call"],
    [
      "another call where it is of another service",
      [found({ ...sso, eventSource: "kms.amazonaws.com" })],
      "other-call",
    ],
    ["another call where it cannot be read", [found("{")], "other-call"],
  ] as const)("is %s", async (_, events, expected) => {
    expect(await historyOf([events]).record(id)).toBe(expected);
  });

  it("is looked for behind a page that is empty and not the last", async () => {
    const { record, asked, paced } = historyOf([[], [], [found(sso)]]);
    expect(await record(id)).toMatchObject({ eventId: id });
    expect(asked.slice(1)).toMatchObject([{ NextToken: "page-1" }, { NextToken: "page-2" }]);
    expect(paced()).toBe(3);
    expect(await historyOf([[], []]).record(id)).toBe("none");
  });

  it("is out of reach where the answer does not end: that does not say that there is none", async () => {
    const { record, asked } = historyOf(Array.from({ length: 9 }, () => []));
    await expect(record(id)).rejects.toMatchObject({ code: "HISTORY_UNAVAILABLE" });
    expect(asked).toHaveLength(5);
  });

  it("is out of reach with a code", async () => {
    const { record } = historyOf([new Error("ThrottlingException")]);
    await expect(record(id)).rejects.toMatchObject({ code: "HISTORY_UNAVAILABLE" });
  });
});
