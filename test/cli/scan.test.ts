import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import type { KeysToScan } from "../../cli/scan/scan.ts";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { readPolicyYaml } from "../../lib/domain/policy/yaml/policy-yaml.ts";
import { alice, day, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../doubles/key-world.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-scan-"));
afterAll(() => rmSync(folder, { recursive: true }));
const policy = join(folder, "policy.yaml");
writeFileSync(
  policy,
  `version: 1
mode: enforce
default: restore
rules:
  - id: reaper-cleans-test-keys
    when:
      key: { tags: { Environment: test } }
      requester: { role: "arn:aws:iam::111122223333:role/ci/key-reaper" }
    then: allow
`,
);

interface Pending {
  readonly id: string;
  readonly days: number;
  readonly by?: DeletionRequest["requester"];
  readonly tags?: Readonly<Record<string, string>>;
  readonly live?: true;
}

function region(pending: readonly Pending[], calls: string[] = []): KeysToScan {
  const pendingKey = (arn: KeyArn) => pending.find(({ id }) => keyArn(id) === arn);
  return {
    pending: async () => pending.map(({ id }) => ({ arn: keyArn(id), usage: "x" })),
    observe: async (arn) => {
      const { days = 0, live } = pendingKey(arn) ?? {};
      const key = paymentKey({ arn });
      return live ? { kind: "live", key } : { kind: "pending", key, deletePendingAt: t0 + days * day };
    },
    tags: async (arn) => {
      calls.push(`tags ${arn.slice(-3)}`);
      return pendingKey(arn)?.tags ?? {};
    },
    aliases: async (arn) => [`alias/${arn.slice(-3)}`],
    deletions: async () =>
      new Map(
        pending.flatMap(({ id, by }) =>
          by === undefined
            ? []
            : [[keyArn(id), deletionRequest({ requester: by, target: { kind: "arn", arn: keyArn(id) } })]],
        ),
      ),
  };
}

async function ran(args: readonly string[], keys: KeysToScan | Error) {
  const printed: string[] = [];
  const complained: string[] = [];
  const asked: string[] = [];
  const machine: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, clock: () => t0, progress: () => {} },
    keys: async (place) => {
      asked.push(place.region);
      if (keys instanceof Error) throw keys;
      return keys;
    },
    print: (line) => void printed.push(line),
    printError: (line) => void complained.push(line),
  };
  const named = args.includes("--policy") ? args : ["--policy", policy, ...args];
  const status = await run(["scan", ...named], machine as CliContext);
  return { status, out: printed.join("\n"), err: complained.join("\n"), asked };
}

const three: readonly Pending[] = [
  { id: "scan000000000aaa", days: 9, by: reaper, tags: { Environment: "test" } },
  { id: "scan000000000bbb", days: 3, by: alice },
  { id: "scan000000000ccc", days: 5 },
  { id: "scan000000000ddd", days: 1, live: true },
];

describe("a scan", () => {
  it("shows every key that is pending, soonest gone first, with what the policy would do", async () => {
    const { status, out } = await ran(["--assume-min-age"], region(three));
    expect(status).toBe(1);
    expect(out.split("\n").filter((line) => line.includes("left"))).toEqual([
      expect.stringMatching(/^3 days left {2}alias\/bbb .* restore by default {2}deleted by .*PaymentsAdmin/),
      expect.stringMatching(/^5 days left {2}alias\/ccc .* restore by default {2}requester unknown/),
      expect.stringMatching(/^9 days left {2}alias\/aaa .* allow by reaper-cleans-test-keys/),
    ]);
  });

  it("asks for tags only where the policy does", async () => {
    const calls: string[] = [];
    await ran(["--assume-min-age"], region(three, calls));
    expect(calls).not.toContain("tags bbb");
    expect(calls).toContain("tags aaa");
  });

  it("lets no label count that no inventory has seen, and reads no tags for it", async () => {
    const calls: string[] = [];
    const { out } = await ran([], region(three, calls));
    expect(out).toMatch(/9 days left {2}alias\/aaa .* restore by default/);
    expect(calls).toEqual([]);
  });

  it("goes through every region that is named, once", async () => {
    const { asked } = await ran(["--regions", "us-east-1, eu-west-1,us-east-1"], region([]));
    expect(asked).toEqual(["us-east-1", "eu-west-1"]);
  });

  it("of nothing says so, and ends with 0", async () => {
    expect(await ran([], region([]))).toMatchObject({ status: 0, out: "no key is pending deletion" });
  });

  it("goes on without CloudTrail", async () => {
    const blind = { ...region(three), deletions: async () => await Promise.reject(new Error("denied")) };
    expect((await ran([], blind)).out).toContain("requester unknown");
  });

  it("answers with a JSON object a line", async () => {
    const { out } = await ran(["--json", "--assume-min-age"], region(three));
    expect(out.split("\n").map((line) => JSON.parse(line).would)).toContainEqual({
      ...{ outcome: "allow", rule: "reaper-cleans-test-keys" },
    });
  });

  it("writes rules that are a policy, and let just these keys go", async () => {
    const { out } = await ran(["--as-rules"], region(three));
    const read = readPolicyYaml(`version: 1\nmode: enforce\ndefault: restore\nrules:\n${out}\n`);
    expect(read.ok ? read.document.rules.map(({ then, when }) => [then, when.key?.arn]) : read.faults).toEqual([
      ["allow", [keyArn("scan000000000bbb")]],
      ["allow", [keyArn("scan000000000ccc")]],
      ["allow", [keyArn("scan000000000aaa")]],
    ]);
  });

  it.each([
    ["an invalid region", ["--regions", "us-east-1,mars"], "found `mars`"],
    ["an invalid policy", ["--policy", "/nowhere"], "cannot be read"],
  ])("refuses %s", async (_, args, message) => {
    expect(await ran(args, region([]))).toMatchObject({ status: 2, err: expect.stringContaining(message) });
  });

  it("says what AWS said", async () => {
    const { status, err } = await ran([], new Error("\u001b[2Jdenied"));
    expect([status, err]).toEqual([2, "✗ the keys in us-east-1 cannot be read: Error: \\u{1b}[2Jdenied"]);
  });
});
