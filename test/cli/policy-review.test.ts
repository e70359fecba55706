import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { reviewMarkdown } from "../../cli/policy/review/review-markdown.ts";
import { run } from "../../cli/run.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-review-"));
afterAll(() => rmSync(folder, { recursive: true }));
const policy = join(folder, "policy/policy.yaml");
const tests = join(folder, "policy/policy.test.yaml");
const logs = join(folder, "logs");

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd: folder,
    stdio: "ignore",
  });
const commit = (message: string) => {
  git("add", "-A");
  git("commit", "--quiet", "--no-gpg-sign", "-m", message);
};

const reaper = "arn:aws:iam::111122223333:role/ci/key-reaper";
const before = `version: 1
mode: enforce
default: restore
rules:
  - id: pin-keys
    when: { key: { usage: TR31_P0_PIN_ENCRYPTION_KEY } }
    then: restore
`;
const after = `version: 1
mode: enforce
default: restore
rules:
  - id: pin-keys
    when: { key: { usage: TR31_P0_PIN_ENCRYPTION_KEY } }
    then: restore
  - id: reaper
    when: { requester: { role: "${reaper}" } }
    then: allow
`;
const policyTests = `cases:
  - it: restores whatever the reaper deletes
    requester: { role: "${reaper}" }
    expect: { outcome: restore }
  - it: restores PIN keys
    key: { usage: TR31_P0_PIN_ENCRYPTION_KEY }
    expect: { outcome: restore, rule: pin-keys }
`;

/** A DeleteKey record of a session of `role`. */
function record(n: number, role: string) {
  const [account, name] = ["111122223333", role.split("/").at(-1)];
  const keyArn = `arn:aws:payment-cryptography:us-east-1:${account}:key/kreviewreview00${n}`;
  return {
    eventVersion: "1.09",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROAREAPEREXAMPLE000:run`,
      arn: `arn:aws:sts::${account}:assumed-role/${name}/run`,
      accountId: account,
      sessionContext: {
        sessionIssuer: { type: "Role", principalId: "AROAREAPEREXAMPLE000", arn: role, accountId: account },
      },
    },
    eventTime: `2026-03-0${n}T10:00:00Z`,
    eventSource: "payment-cryptography.amazonaws.com",
    eventName: "DeleteKey",
    awsRegion: "us-east-1",
    sourceIPAddress: "203.0.113.7",
    userAgent: "aws-cli",
    requestParameters: { keyIdentifier: keyArn, deleteKeyInDays: 7 },
    responseElements: {
      key: { keyArn, keyAttributes: { keyUsage: "TR31_C0_CARD_VERIFICATION_KEY" }, keyState: "DELETE_PENDING" },
    },
    requestID: "11111111-1111-4111-8111-111111111111",
    eventID: `22222222-2222-4222-8222-22222222222${n}`,
    eventType: "AwsApiCall",
    recipientAccountId: account,
  };
}

beforeAll(() => {
  for (const dir of [join(folder, "policy"), logs]) mkdirSync(dir);
  git("init", "--quiet", "--initial-branch=main");
  writeFileSync(policy, before);
  commit("first");
  writeFileSync(policy, after);
  writeFileSync(tests, policyTests);
  commit("second");
  const Records = [record(1, reaper), record(2, "arn:aws:iam::111122223333:role/admin")];
  writeFileSync(join(logs, "a.json.gz"), gzipSync(JSON.stringify({ Records })));
});

async function reviewed(...args: readonly string[]) {
  const printed: string[] = [];
  const complained: string[] = [];
  const context: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false },
    print: (line) => void printed.push(line),
    printError: (line) => void complained.push(line),
  };
  const named = ["--policy", policy, ...(args.includes("--tests") ? [] : ["--tests", tests])];
  const status = await run(["policy", "review", ...named, ...args], context as CliContext);
  return { status, out: printed.join("\n").replaceAll(folder, ""), err: complained.join("\n") };
}

describe("policy review", () => {
  it("says in Markdown what a pull request changes", async () => {
    const { status, out } = await reviewed("--base", "HEAD~1", "--logs", logs);
    expect(status).toBe(1);
    await expect(out).toMatchFileSnapshot("review/review.md");
  });

  it("says the same to a program", async () => {
    const { status, out } = await reviewed("--base", "HEAD~1", "--logs", logs, "--json");
    expect([status, JSON.parse(out)]).toEqual([
      1,
      expect.objectContaining({
        errors: [],
        changes: [expect.objectContaining({ change: "added", at: "rules.reaper" })],
        newWarnings: [expect.objectContaining({ field: "rules.1.when.requester.role" })],
        tests: expect.objectContaining({ failed: 1 }),
        calls: expect.objectContaining({
          changedInAll: 1,
          counts: expect.objectContaining({ deletions: 2, otherCalls: 0 }),
        }),
      }),
    ]);
  });

  it("finds nothing where nothing changed, and passes without failing tests", async () => {
    const { status, out } = await reviewed("--base", "HEAD", "--tests", join(folder, "none.yaml"), "--json");
    expect([status, JSON.parse(out)]).toEqual([
      0,
      expect.objectContaining({ changes: [], newWarnings: [], warnings: 1 }),
    ]);
  });

  it("fails for a policy with errors, whatever its tests say", async () => {
    writeFileSync(policy, "version: 1\nmode: enforce\ndefault: allow\nrules: []\n");
    const { status, out } = await reviewed("--base", "HEAD");
    writeFileSync(policy, after);
    expect([status, out]).toEqual([1, expect.stringContaining("has errors and cannot be deployed")]);
  });

  it.each([
    ["an option", "--output=/tmp/x", "expected a commit"],
    ["a branch that is not there", "origin/main", "git knows no commit"],
  ])("takes no %s for a base", async (_, base, message) => {
    expect(await reviewed(`--base=${base}`)).toMatchObject({ status: 2, err: expect.stringContaining(message) });
  });

  it("lets no value end its place in the table", () => {
    const text = reviewMarkdown({
      ...{ policy: "p.yaml", base: "main", errors: [], newWarnings: [], warnings: 0 },
      changes: [{ change: "changed", at: "people.`x`|y", before: "`a`|b\n## c", after: "d" }],
    });
    const [row = "", ...others] = text.split("\n").filter((line) => line.startsWith("| changed"));
    expect([row.replaceAll("\\|", "").match(/\|/g)?.length, others]).toEqual([5, []]);
    expect(row.match(/`/g)).toHaveLength(6);
    expect(text).not.toMatch(/^## c/m);
  });
});
