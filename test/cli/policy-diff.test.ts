import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import { policyHashOf, readPolicyFile } from "../../scripts/bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-diff-"));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
function policy(rules: string, head = "mode: enforce\n"): string {
  const file = join(folder, `policy-${++made}.yaml`);
  writeFileSync(file, `version: 1\n${head}default: restore\nrules:\n${rules}`);
  return file;
}
async function ran(...args: readonly string[]) {
  const printed: string[] = [];
  const context = { version: "0.1.0", region: "us-east-1", colours: false, printError: () => {} };
  const print = (line: string) => void printed.push(line);
  const status = await run(["policy", ...args], { ...context, print } as unknown as CliContext);
  return { status, lines: printed };
}

const [a, b, c] = ["a", "b", "c"].map((id) => `  - { id: ${id}, when: { region: us-east-1 }, then: restore }\n`) as [
  string,
  string,
  string,
];

describe("policy diff", () => {
  it("finds nothing where only the form of the file differs", async () => {
    const other = policy("  - id: a\n    then: restore # the default\n    when:\n      region: [us-east-1]\n");
    expect(await ran("diff", policy(a), other)).toEqual({ status: 0, lines: ["the two policies are the same"] });
  });

  it.each<[string, string, string, object[]]>([
    ["an added rule", policy(a), policy(a + b), [{ change: "added", at: "rules.b" }]],
    [
      "a rule about another operation whose outcome changes",
      policy(`${a}  - { id: d, when: { operation: alias }, then: notify }\n`),
      policy(`${a}  - { id: d, when: { operation: [alias] }, then: revert }\n`),
      [{ change: "changed", at: "rules.d.then", before: '"notify"', after: '"revert"' }],
    ],
    ["a removed rule", policy(a + b), policy(b), [{ change: "removed", at: "rules.a" }]],
    [
      "another order",
      policy(a + b + c),
      policy(a + c + b),
      [
        { change: "moved", at: "rules.c" },
        { change: "moved", at: "rules.b" },
      ],
    ],
    [
      "another condition",
      policy(a),
      policy(a.replace("us-east-1", "eu-west-1")),
      [{ change: "changed", at: "rules.a.when" }],
    ],
    [
      "another mode",
      policy(a),
      policy(a, "mode: observe\n"),
      [{ change: "changed", at: "mode", before: '"enforce"', after: '"observe"' }],
    ],
    [
      "another person",
      policy(a),
      policy(a, "mode: enforce\npeople: { alice: { slack: U0ALICE } }\n"),
      [{ change: "added", at: "people.alice" }],
    ],
  ])("names %s", async (_, before, after, changes) => {
    const { status, lines } = await ran("diff", before, after, "--json");
    expect([status, JSON.parse(lines[0] ?? "").changes]).toEqual([
      1,
      changes.map((change) => expect.objectContaining(change)),
    ]);
  });

  it("is no guess where one of the two is no policy", async () => {
    expect(await ran("diff", policy(a), policy("  - x\n"))).toEqual({ status: 2, lines: [] });
  });
});

describe("policy hash", () => {
  it("is the one that the stack states", async () => {
    const file = policy(a);
    expect(await ran("hash", file)).toEqual({ status: 0, lines: [policyHashOf(readPolicyFile(file))] });
  });
});
