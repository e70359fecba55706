import { readFileSync } from "node:fs";
import { CloudTrailClient, type Event } from "@aws-sdk/client-cloudtrail";
import { describe, expect, it } from "vitest";
import { createEventHistory } from "../../lib/aws/cloudtrail/event-history.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

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
  const read = createEventHistory(client, stack, async () => {
    paced += 1;
  });
  const history = async (timeLeft: () => number = () => 240_000) => await read(timeLeft);
  return { history, asked, paced: () => paced };
}

describe("the event history of CloudTrail", () => {
  it("tells every successful call on each key, over all pages, each of them paced", async () => {
    const older = { ...sso, eventID: "11111111-1111-4111-8111-111111111111", eventTime: "2024-05-20T10:00:00Z" };
    const { history, asked, paced } = historyOf([[event(older)], [event(sso)], [event(older)]]);
    const { calls, complete } = await history();
    expect(complete).toBe(true);
    expect([...calls.keys()]).toEqual([keyArn()]);
    expect(calls.get(keyArn())).toMatchObject([
      { eventId: older.eventID },
      { eventId: sso["eventID"], at: t0, requester: { kind: "role-session" } },
      { eventId: older.eventID },
    ]);
    const byName = [{ AttributeKey: "EventName", AttributeValue: "DeleteKey" }];
    expect(asked).toEqual([
      { LookupAttributes: byName, MaxResults: 50 },
      { LookupAttributes: byName, MaxResults: 50, NextToken: "page-1" },
      { LookupAttributes: byName, MaxResults: 50, NextToken: "page-2" },
    ]);
    expect(paced()).toBe(3);
  });

  it("passes over what is no successful call on a key of ours", async () => {
    const denied = detail("delete-key-access-denied");
    const elsewhere = detail("delete-key-other-account");
    const aliasOnly = detail("delete-key-alias-only");
    const ofKms = { ...sso, eventSource: "kms.amazonaws.com" };
    const garbage = ["", "{", "null", "[]", '"x"', '{"a":1}', '{},"source":"aws.other"'];
    const { history } = historyOf([[denied, elsewhere, aliasOnly, ofKms, ...garbage].map(event), [{}]]);
    expect(await history()).toEqual({ calls: new Map(), complete: true });
  });

  it("keeps two calls of the same second apart", async () => {
    const second = { ...sso, eventID: "11111111-1111-4111-8111-111111111111" };
    const { history } = historyOf([[event(sso), event(second)]]);
    const calls = (await history()).calls.get(keyArn());
    expect(calls).toMatchObject([
      { eventId: sso["eventID"], at: t0 },
      { eventId: second.eventID, at: t0 },
    ]);
  });

  it("is read as far as there is time, one page at least, and says that it was not read to its end", async () => {
    const left = [60_000, 20_001, 20_000];
    const { history, asked } = historyOf([[event(sso)], [], [], [], []]);
    expect(await history(() => left.shift() ?? 0)).toMatchObject({ complete: false });
    expect(asked).toHaveLength(3);
    const late = historyOf([[event(sso)], []]);
    const { calls, complete } = await late.history(() => 0);
    expect({ found: calls.get(keyArn())?.length, complete }).toEqual({ found: 1, complete: false });
    const short = historyOf([[event(sso)]]);
    expect(await short.history(() => 0)).toMatchObject({ complete: true });
  });

  it("says so when it does not end", async () => {
    const { history, asked } = historyOf(Array.from({ length: 200 }, () => []));
    expect(await history()).toMatchObject({ complete: false });
    expect(asked).toHaveLength(120);
  });

  it("is out of reach with a code", async () => {
    const { history } = historyOf([[event(sso)], new Error("ThrottlingException")]);
    await expect(history()).rejects.toMatchObject({ code: "HISTORY_UNAVAILABLE" });
  });
});
