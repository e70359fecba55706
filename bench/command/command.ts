import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { compared } from "../result.ts";
import { installIn } from "./installed.ts";

const ruleCount = 1_000;

export const command: Bench = {
  name: "command",
  title: "The command",
  about:
    "`reprieve --help` and `reprieve policy check` of 1,000 rules as installed from the tarball, each from the start of its process to its end, against a Node process that does nothing. Compiled code is kept from the second run on (node_modules/.cache/reprieve in the package).",
  ifMissed: {
    "policy check of 1,000 rules":
      "The same command on a policy of five rules takes some 3 times as long as a process that does nothing: that is loading the YAML parser, the schema and the command. A thousand rules then take 200 ms of CPU time: the YAML parser half of it, the schema, the checks and the warnings the rest, in proportion to the rules. All of it runs once, so hardly any is optimized. Each rule here has a warning, which is placed and printed too.",
  },
  measure: async ({ quick, progress }) => {
    const folder = mkdtempSync(join(tmpdir(), "reprieve-bench-"));
    try {
      const policy = join(folder, "policy.yaml");
      writeFileSync(policy, manyRules());
      const reprieve = await installIn(folder);
      const lines = [
        ["reprieve --help", [reprieve, "--help"], 2.2],
        ["policy check of 1,000 rules", [reprieve, "policy", "check", policy], 4],
      ] as const;
      return lines.map(([name, args, atMost]) => {
        progress(`command: ${name}`);
        const target = { figure: "ratio", atMost } as const;
        return compared({ name, unit: "ms", against: "node -e 0", target }, ...timesOf(args, quick ? 3 : 25));
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

function timesOf(args: readonly string[], rounds: number): readonly [number[], number[]] {
  const [own, nothing]: [number[], number[]] = [[], []];
  msOf(args);
  for (let round = 0; round < rounds; round++) {
    own.push(msOf(args));
    nothing.push(msOf(["-e", "0"]));
  }
  return [own, nothing];
}

function msOf(args: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - began;
}

/** Rules of several kinds, as a bank with many products would have them; none hides another. */
function manyRules(): string {
  const rules = Array.from({ length: ruleCount }, (_, n) => {
    const key = `usage: [TR31_P0_PIN_ENCRYPTION_KEY], arn: "arn:aws:payment-cryptography:us-east-1:111122223333:key/${String(n).padStart(16, "k")}"`;
    return `  - id: rule-${n}
    when: { key: { ${key} }, requester: { role: "arn:aws:iam::111122223333:role/ci/reaper-${n}" } }
    then: ask
    approval: { from: custodians, quorum: 2, within: 24h }
`;
  });
  const people = ["alice", "bob", "carol"].map(
    (name) => `  ${name}: { aws: [${name}@example.com], groups: [custodians] }`,
  );
  return ["version: 1\nmode: enforce\ndefault: restore\npeople:", ...people, `rules:\n${rules.join("")}`].join("\n");
}
