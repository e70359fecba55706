import { describe, expect, it } from "vitest";
import { LocalEventHistory } from "../../../local/aws/event-history.ts";
import { t0 } from "../../doubles/key-world.ts";

const idOf = (n: number) => `event-${n}`;
const timeOf = (n: number) => new Date(t0 + n * 1000).toISOString();

/** A history of 120 calls a second apart, every tenth of them of DeleteKey; a request a second. */
function historyOf(count = 120) {
  const time = { now: t0 + 1_000_000 };
  const history = new LocalEventHistory(() => time.now);
  const keep = (n: number, name: string) =>
    history.keep({ detail: { eventName: name, eventID: idOf(n), eventTime: timeOf(n) } });
  for (let n = 0; n < count; n++) keep(n, n % 10 === 0 ? "DeleteKey" : "GetKey");
  const ask = (body: Record<string, unknown>) => {
    const { status, body: answer } = history.handle("LookupEvents", body);
    const { Events = [], ...rest } = answer as { Events?: { EventId: string }[] };
    return { status, ids: Events.map(({ EventId }) => EventId), ...rest } as Record<string, unknown>;
  };
  const look = (body: Record<string, unknown>) => {
    time.now += 1000;
    return ask(body);
  };
  return { time, keep, look, ask };
}

const by = (AttributeKey: string, AttributeValue: string) => ({ LookupAttributes: [{ AttributeKey, AttributeValue }] });

describe("CloudTrail's event history on this machine", () => {
  it("answers 50 events a page, newest first, each once, also while others come in", () => {
    const { look, keep } = historyOf();
    const first = look({});
    keep(500, "GetKey");
    const second = look({ NextToken: first["NextToken"] });
    const third = look({ NextToken: second["NextToken"] });
    const ids = [first, second, third].flatMap((page) => page["ids"] as string[]);
    expect(ids).toEqual(Array.from({ length: 120 }, (_, n) => idOf(119 - n)));
    expect(third["NextToken"]).toBeUndefined();
  });

  it("finds events by their name, and one by its id", () => {
    const { look } = historyOf();
    expect(look(by("EventName", "DeleteKey"))["ids"]).toHaveLength(12);
    expect(look(by("EventId", idOf(7)))["ids"]).toEqual([idOf(7)]);
    expect(look(by("EventId", "unknown"))["ids"]).toEqual([]);
  });

  it("keeps to a stretch of time, both ends included", () => {
    const { look } = historyOf();
    const stretch = { StartTime: t0 / 1000 + 3, EndTime: t0 / 1000 + 5 };
    expect(look(stretch)["ids"]).toEqual([idOf(5), idOf(4), idOf(3)]);
    expect(look({ ...by("EventName", "DeleteKey"), ...stretch, EndTime: t0 / 1000 + 10 })["ids"]).toEqual([idOf(10)]);
  });

  it("answers two requests in any second, and throttles the rest", () => {
    const { ask, time } = historyOf();
    expect([ask({}), ask({}), ask({})].map(({ status }) => status)).toEqual([200, 200, 400]);
    expect(ask({})).toMatchObject({ __type: "ThrottlingException" });
    time.now += 1000;
    expect(ask({})).toMatchObject({ status: 200 });
  });

  it.each([
    ["InvalidNextTokenException", { NextToken: "50 of another" }],
    ["InvalidMaxResultsException", { MaxResults: 51 }],
    [
      "InvalidLookupAttributesException",
      { LookupAttributes: [...by("EventId", "a").LookupAttributes, ...by("EventId", "b").LookupAttributes] },
    ],
  ])("refuses with %s", (code, body) => {
    expect(historyOf().look(body)).toMatchObject({ status: 400, __type: code });
  });
});
