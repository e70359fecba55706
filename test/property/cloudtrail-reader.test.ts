import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logReader, wholly } from "../../cli/cloudtrail/read-log.ts";

const names = new Set(["DeleteKey", "RestoreKey", "StopKeyUsage"]);
const read = logReader(names, '"AwsServiceEvent"');

/** One record as text, in the usual form or in one that hides its name from a scan of bytes. */
const record = fc
  .record({
    name: fc.constantFrom("DeleteKey", "RestoreKey", "StopKeyUsage", "GetKey", "DeleteKeys", "StopKey", "Describe"),
    form: fc.constantFrom(
      "usual",
      "spaced",
      "escaped-name",
      "escaped-member",
      "last",
      "twice",
      "nested",
      "in-text",
      "other-names",
      "none",
    ),
    inner: fc.constantFrom("DeleteKey", "GetKey"),
  })
  .map(({ name, form, inner }) => {
    const nested = JSON.stringify({ eventVersion: "1.08", eventName: inner });
    const escaped = `${name.slice(0, 3)}\\u00${name.charCodeAt(3).toString(16)}${name.slice(4)}`;
    const texts = {
      usual: `{"eventVersion":"1.08","eventName":"${name}","x":1}`,
      spaced: `{"eventVersion":"1.08","eventName" : "${name}"}`,
      "escaped-name": `{"eventVersion":"1.08","eventName":"${escaped}"}`,
      "escaped-member": `{"eventVersion":"1.08","event\\u004eame":"${name}"}`,
      last: `{"x":1,"eventVersion":"1.08","eventName":"${name}"}`,
      twice: `{"eventVersion":"1.08","eventName":"${name}","eventName":"${inner}"}`,
      nested: `{"eventVersion":"1.08","request":${nested},"eventName":"${name}"}`,
      "in-text": `{"eventVersion":"1.08","userAgent":${JSON.stringify(nested)},"eventName":"${name}"}`,
      "other-names": `{"eventVersion":"1.08","userName":"eventName","anEventName":"${inner}","\u00ebventName":"${inner}","eventName":"${name}"}`,
      none: `{"eventVersion":"1.08","eventSource":"x"}`,
    };
    return texts[form].replace('"1.08"', '"1.08","eventSource":"payment-cryptography.amazonaws.com"');
  });

const wanted = (candidates: readonly unknown[]) =>
  candidates
    .filter((each) => names.has((each as { eventName?: string }).eventName ?? ""))
    .map((each) => JSON.stringify(each));

describe("the reader of CloudTrail's files", () => {
  it("finds the same calls whether it parses everything or only what may name one", () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 12 }), (records) => {
        const bytes = Buffer.from(`{"Records":[${records.join(",")}]}`);
        const [quick, whole] = [read(bytes), wholly(bytes)];
        if ("why" in quick || "why" in whole) throw new Error("not read");
        expect(wanted(quick.candidates)).toEqual(wanted(whole.candidates));
      }),
      { numRuns: 500 },
    );
  });

  it("leaves records of other calls unparsed", () => {
    const other = { eventVersion: "1.08", eventSource: "s3.amazonaws.com", eventName: "GetObject" };
    const found = read(Buffer.from(JSON.stringify({ Records: [other, { ...other, eventName: "DeleteKey" }, other] })));
    expect(found).toMatchObject({ records: 3, candidates: [{ eventName: "DeleteKey" }] });
  });

  const one = { eventVersion: "1.08", eventSource: "payment-cryptography.amazonaws.com", eventName: "DeleteKey" };
  it.each<[string, string, number, Record<string, number>]>([
    ["a log file", JSON.stringify({ Records: [one] }), 1, {}],
    [
      "the output of lookup-events",
      JSON.stringify({
        Events: [{ CloudTrailEvent: JSON.stringify(one) }, { CloudTrailEvent: "{" }, { EventId: "x" }],
      }),
      1,
      { "a CloudTrailEvent that is not valid JSON": 1, "an element that is not a record of CloudTrail": 1 },
    ],
    ["a list", JSON.stringify([one, one, 7]), 2, { "an element that is not an object": 1 }],
    ["an event of EventBridge", JSON.stringify({ detail: one }), 1, {}],
    [
      "JSON Lines",
      `${JSON.stringify(one)}\n\n{"detail":\n${JSON.stringify([one])}\n{}\n`,
      2,
      { "a line that is not valid JSON": 1, "a line that is not a CloudTrail log": 1 },
    ],
  ])("reads %s, and counts what it cannot read by reason", (_, text, candidates, unread) => {
    const found = wholly(Buffer.from(text));
    if ("why" in found) throw new Error(found.why);
    expect([found.candidates.length, Object.fromEntries(found.unread)]).toEqual([candidates, unread]);
  });
});
