import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import { root } from "../../scripts/bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

const record = (name: string) => JSON.parse(readFileSync(resolve(root, `events/${name}.json`), "utf8")).detail;
const sso = record("delete-key-sso");
const failed = record("delete-key-wrong-state");
const other = record("create-key");
const reaper = record("delete-key-ci-role");
const hostile = record("delete-key-hostile-text");
const shipped = resolve(root, "policy/policy.yaml");

const change = (name: string) => record(`changes/${name}`);

const reversed = (record: object) => Object.fromEntries(Object.entries(record).toReversed());
const log = (...records: readonly object[]) => JSON.stringify({ Records: records });
const put = (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
};

let logs: string;
let allowing: string;
beforeAll(() => {
  put("logs/2026/01/01/a.json.gz", gzipSync(log(sso, other, failed)));
  put("logs/2026/01/02/b.json", log(reaper));
  logs = join(folder, "logs");
  allowing = put(
    "allowing.yaml",
    `version: 1
mode: enforce
default: restore
rules:
  - id: sso-may
    when: { key: { usage: TR31_C0_CARD_VERIFICATION_KEY }, requester: { permissionSet: PaymentsAdmin } }
    then: allow
trust: { accounts: ["111122223333"] }
`,
  );
});

async function ran(...args: readonly string[]) {
  const printed: string[] = [];
  const complained: string[] = [];
  const machine: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, progress: () => {} },
    print: (line) => void printed.push(line),
    printError: (line) => void complained.push(line),
  };
  const policy = args.includes("--policy") ? [] : ["--policy", shipped];
  const status = await run(["policy", "replay", ...policy, ...args], machine as CliContext);
  return { status, lines: printed, out: printed.join("\n"), err: complained.join("\n") };
}

describe("policy replay", () => {
  it("decides every deletion in the logs again, file by file, and sums up", async () => {
    const { status, out, err } = await ran(logs);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toContain("2024-05-27T19:49:54  restore by default  arn:aws:iam::111122223333:role/aws-reserved/");
    expect(out).toContain("restore by default  arn:aws:iam::111122223333:role/ci/key-reaper");
    expect(out).toContain("1 may be decided otherwise once labels are old enough: see --assume-min-age");
    expect(out).toContain("2 deletions in 4 records of 2 files\n  1 calls failed, or their records hold no key");
    expect(out).toContain("by key usage\n       2  TR31_C0_CARD_VERIFICATION_KEY");
  });

  it("takes labels to be old enough where it is asked to", async () => {
    const { status, out } = await ran(logs, "--assume-min-age");
    expect(status).toBe(0);
    expect(out).toContain("depends on tags and aliases  arn:aws:iam::111122223333:role/ci/key-reaper");
    expect(out).not.toContain("old enough");
    const { lines } = await ran(logs, "--format", "json");
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ summary: { deletions: 2, changedByAge: 1 } });
  });

  it("shows only what another policy decides otherwise, and ends with 1", async () => {
    const { status, out } = await ran(logs, "--against", allowing, "--assume-min-age");
    expect(status).toBe(1);
    expect(out.split("\n").filter((line) => line.startsWith("2024"))).toEqual([
      expect.stringContaining("allow by sso-may → restore by default"),
      expect.stringContaining("restore by default → depends on tags and aliases"),
    ]);
    expect(out).toContain("2 are decided otherwise");
    expect(await ran(logs, "--against", shipped)).toMatchObject({
      ...{ status: 0, out: expect.stringContaining("the other policy decides every one alike") },
    });
  });

  it("prints CSV in which nothing is a formula", async () => {
    const { lines } = await ran(logs, "--format", "csv");
    expect(lines[0]).toBe("at,operation,subject,key_usage,requester,decision,before,event_id");
    expect(lines).toHaveLength(3);
  });

  it("prints a JSON object a line, and the summary as the last", async () => {
    const { lines } = await ran(logs, "--format", "json", "--against", allowing, "--assume-min-age");
    const objects = lines.map((line) => JSON.parse(line));
    expect(objects).toMatchObject([
      { decision: "restore by default", before: "allow by sso-may" },
      { before: "restore by default" },
      { summary: { files: 2, records: 4, deletions: 2, passedOver: 1, changed: 2, skipped: [] } },
    ]);
  });

  it("shows text of strangers without doing what it says", async () => {
    const { out } = await ran(put("hostile.json", log(hostile)));
    expect(out).not.toContain("\u001b");
  });

  it.each<[string, string | Buffer, string]>([
    ["a gzip that is cut off", gzipSync(log(sso)).subarray(0, 200), "is cut off, or no gzip"],
    ["a digest", '{"digestS3Object":"x"}', "is a digest of CloudTrail, no log"],
    ["another tool's JSON", '{"hello":1}', "is not a CloudTrail log"],
    ["JSON that is no object", "null", "is not a CloudTrail log"],
    ["no JSON", "hello", "is not valid JSON"],
    ["nothing", "", "is not valid JSON"],
    ["a file of a hundred MB in one line", gzipSync(Buffer.alloc(100_000_000, 32)), "holds more than 64 MB"],
  ])("names and skips %s, and refuses it with --strict", async (_, content, why) => {
    const bad = put(`bad-${Math.abs(content.length)}-${why.length}`, content);
    const { status, out, err } = await ran(bad, logs);
    expect([status, err]).toEqual([0, `skipped ${bad}: ${why}`]);
    expect(out).toContain("2 deletions in 4 records of 2 files");
    expect(out).toContain("  skipped: 1");
    expect(await ran(bad, logs, "--strict")).toMatchObject({ status: 2, err: expect.stringContaining("--strict") });
  });

  it.each([
    ["no paths", [], "missing required argument `path`"],
    ["a path that is not there", ["/nowhere"], "there is no log of CloudTrail under these paths"],
    ["an invalid format", ["/tmp", "--format", "xml"], "expected --format text, csv or json, found `xml`"],
  ])("refuses %s", async (_, args, message) => {
    expect(await ran(...args)).toMatchObject({ status: 2, err: expect.stringContaining(message) });
  });

  it.each([
    ["as CloudTrail writes them", (text: string) => text],
    ["with spaces", (text: string) => JSON.stringify(JSON.parse(text), null, 2)],
    ["with a line at their end", (text: string) => `${text}\n`],
    ["in another order", (text: string) => JSON.stringify({ Records: JSON.parse(text).Records.map(reversed) })],
  ])("finds the same deletions in records %s", async (_, form) => {
    const nested = { ...other, requestParameters: { a: { eventVersion: "1.08", eventName: "DeleteKey" } } };
    const text = put(
      "form.json",
      form(log(other, sso, nested, { ...other, userAgent: '{"eventVersion" "DeleteKey"' }, reaper)),
    );
    expect((await ran(text)).out).toContain("2 deletions in 5 records of 1 files");
  });

  it("passes over records that are no objects, and calls of others", async () => {
    const odd = put(
      "odd.json",
      JSON.stringify({ Records: [null, 1, "x", { eventName: "DeleteKey", eventSource: "kms.amazonaws.com" }] }),
    );
    expect((await ran(odd)).out).toContain("0 deletions in 4 records of 1 files");
  });
});

describe("policy replay of other operations", () => {
  const guarding = put(
    "guarding.yaml",
    `version: 1
mode: enforce
default: restore
rules:
  - id: no-management
    when: { operation: resource-policy, change: { manages: true } }
    then: revert
  - id: admins-may-stop
    when: { operation: stop, requester: { permissionSet: PaymentsAdmin } }
    then: allow
  - id: admins-may-rotate
    when: { operation: alias, change: { alike: true }, requester: { permissionSet: PaymentsAdmin } }
    then: allow
trust: { accounts: ["111122223333"] }
`,
  );
  const [stop, update, denying] = [change("stop-key-usage"), change("update-alias"), change("put-resource-policy")];
  const Statement = {
    Effect: "Allow",
    Principal: { AWS: "444455556666" },
    Action: "payment-cryptography:*",
    Resource: "*",
  };
  const put_ = {
    ...denying,
    requestParameters: { ...denying.requestParameters, policy: JSON.stringify({ Version: "2012-10-17", Statement }) },
  };
  const failedStop = { ...stop, errorCode: "AccessDenied", responseElements: null };
  const ofTheService = change("synchronize-multi-region-key-event");
  const changes = put(
    "changes.json",
    log(other, stop, { ...other, eventName: "GetKey" }, update, failedStop, sso, put_, ofTheService),
  );

  it("judges each by its record, and counts them by operation and outcome", async () => {
    const { status, out } = await ran(changes, "--policy", guarding);
    expect(status).toBe(0);
    expect(out).toContain("1 deletions in 8 records of 1 files\n4 other calls on keys, aliases and settings");
    expect(out).toContain("  1 calls failed, or their records hold no key");
    const [, counted = ""] = out.split("by operation and outcome\n");
    expect(counted.split("\n").slice(0, 5)).toEqual([
      "       1  alias: notify",
      "       1  delete: restore",
      "       1  replication: allow",
      "       1  resource-policy: revert",
      "       1  stop: allow",
    ]);
  });

  it("says on what a rule depends that no record holds", async () => {
    const { lines } = await ran(changes, "--policy", guarding, "--format", "json");
    const calls = lines.slice(0, -1).map((line) => JSON.parse(line));
    expect(calls.map(({ operation, decision }) => [operation, decision])).toEqual([
      ["stop", "allow by admins-may-stop"],
      ["alias", "notify by none (admins-may-rotate depends on change.alike)"],
      ["delete", "restore by default"],
      ["resource-policy", "revert by no-management"],
      ["replication", "allow by none"],
    ]);
    expect(calls[1]).toMatchObject({ subject: "alias/prod/cvk-2", rule: "none", outcome: "notify" });
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ summary: { deletions: 1, otherCalls: 4, passedOver: 1 } });
  });

  it("shows which another policy judges otherwise", async () => {
    const { status, lines } = await ran(changes, "--policy", guarding, "--against", allowing, "--format", "csv");
    expect(status).toBe(1);
    expect(lines.slice(1).map((line) => line.split(",").filter((_, n) => [1, 5, 6].includes(n)))).toEqual([
      ["stop", "allow by admins-may-stop", "notify by none"],
      ["alias", "notify by none (admins-may-rotate depends on change.alike)", "notify by none"],
      ["delete", "restore by default", "allow by sso-may"],
      ["resource-policy", "revert by no-management", "notify by none"],
    ]);
  });

  it("finds the same in records that it reads as a whole", async () => {
    const all = [stop, update, failedStop, sso, put_, ofTheService];
    const spaced = put("spaced.json", JSON.stringify({ Records: all }, null, 2));
    const compact = put("compact.json", log(...all));
    const [whole, quick] = await Promise.all([spaced, compact].map(async (path) => await ran(path)));
    expect(whole?.lines).toEqual(quick?.lines);
  });
});

describe("a file that is too large to be held", () => {
  it("is read line by line, packed or not", async () => {
    const line = `${JSON.stringify({ ...other, padding: "x".repeat(2_000_000) })}\n`;
    const text = `${JSON.stringify(sso)}\n${line.repeat(40)}not JSON\n${JSON.stringify(reaper)}\n`;
    for (const path of [put("large.jsonl", text), put("large.jsonl.gz", gzipSync(text))]) {
      const { status, out, err } = await ran(path);
      expect([status, err]).toEqual([0, ""]);
      expect(out).toContain("2 deletions in 42 records of 1 files");
      expect(out).toContain("not read: 1 (a line that is not valid JSON)");
    }
  });
});
