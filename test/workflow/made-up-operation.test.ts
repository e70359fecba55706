import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-made-up-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** SealKey is no call of AWS: an operation that nothing else in this repository knows. */
const operation = `
import { textOf } from "../call.ts";
import { changedKey } from "../changed-key.ts";
import { membersOf } from "../call.ts";
import type { Operation, Revert } from "../operation.ts";

const seal: Revert = {
  aspect: "seal",
  look: (subject) => (subject.kind === "key" ? { call: "GetSeal", input: { Key: subject.keyArn } } : undefined),
  stateIn: (shown) => ("answer" in shown ? textOf(shown.answer["Seal"]) : undefined),
  back: (subject) => (subject.kind === "key" ? [{ call: "UnsealKey", input: { Key: subject.keyArn } }] : undefined),
};

export const madeUp: Operation = {
  name: "made-up",
  calls: ["SealKey"],
  read: (call) => {
    const changed = changedKey(call);
    const depth = textOf(membersOf(call.parameters["seal"])["depth"]);
    return changed && { ...changed, after: "sealed", details: { ...(depth !== undefined && { depth: [depth] }) } };
  },
  conditions: { depth: ["deep", "shallow"] },
  facts: ({ change: { details = {} } }) => details,
  weight: () => "grave",
  says: () => "sealed the key",
  revert: seal,
};
`;

/** Runs in the copy: parses policies, judges a record and guards it. Prints the result. */
const script = `
import { changeIn } from "../lib/aws/cloudtrail/change-record.ts";
import { foldChange } from "../lib/domain/change/change-state.ts";
import { parsePolicy } from "../lib/domain/policy/parse.ts";
import { guardChange } from "../lib/workflows/change/guard-change.ts";
import { createChangeWorld } from "./doubles/change-world.ts";
import { readFileSync } from "node:fs";

const { envelope } = JSON.parse(readFileSync(0, "utf8"));
const rule = (change) => ({ id: "unseal", when: { operation: "made-up", change }, then: "revert" });
const faultsOf = (change) => {
  const parsed = parsePolicy({ version: 1, mode: "enforce", default: "restore", rules: [rule(change)] });
  return parsed.ok ? [] : parsed.faults.map(({ message }) => message);
};
const recorded = changeIn(envelope, { account: "111122223333", region: "us-east-1" });
const world = createChangeWorld({ rules: [rule({ depth: "deep" })] });
let state = "sealed";
world.plane.failing.set("GetSeal", () => ({ answer: { Seal: state } }));
world.plane.failing.set("UnsealKey", () => {
  state = "open";
  return { answer: {} };
});
const keyArn = recorded.call.parameters.keyIdentifier;
await world.known.note("seal", { kind: "key", keyArn }, "open", recorded.at - 3_600_000);
await guardChange(world.deps, recorded, 1);
const [chain] = world.book.chains.values();
console.log(JSON.stringify({
  faults: [faultsOf({ depth: "deep" }), faultsOf({ dept: "deep" }), faultsOf({ depth: "deeep" })],
  entries: world.entries(),
  calls: world.plane.calls,
  notified: world.notified,
  revert: foldChange(chain).revert,
  state,
}));
`;

/** A record of SealKey, made of one of StopKeyUsage. */
function sealed(): object {
  const envelope = JSON.parse(readFileSync(resolve(root, "events/changes/stop-key-usage.json"), "utf8"));
  const keyIdentifier = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h";
  const requestParameters = { keyIdentifier, seal: { depth: "deep" } };
  const eventTime = "2024-05-27T19:49:54Z";
  return { ...envelope, detail: { ...envelope.detail, eventName: "SealKey", eventTime, requestParameters } };
}

describe("an operation that is added as one folder and a line of the registry", () => {
  let printed: Record<string, unknown>;

  beforeAll(() => {
    for (const copied of ["lib", "test/doubles", "package.json"])
      cpSync(resolve(root, copied), join(folder, copied), { recursive: true });
    symlinkSync(resolve(root, "node_modules"), join(folder, "node_modules"));
    const registry = join(folder, "lib/domain/operations/registry.ts");
    const text = readFileSync(registry, "utf8").replace("...[deletion,", "...[madeUp, deletion,");
    writeFileSync(registry, `import { madeUp } from "./made-up/operation.ts";\n${text}`);
    mkdirSync(join(folder, "lib/domain/operations/made-up"));
    writeFileSync(join(folder, "lib/domain/operations/made-up/operation.ts"), operation);
    writeFileSync(join(folder, "test/made-up.ts"), script);
    const input = JSON.stringify({ envelope: sealed() });
    printed = JSON.parse(
      execFileSync(process.execPath, [join(folder, "test/made-up.ts")], { input, encoding: "utf8", cwd: folder }),
    );
  });

  it("is known to the policy, with its conditions and their values", () => {
    expect(printed["faults"]).toEqual([
      [],
      ["`made-up` has no condition `dept`: there is depth; did you mean `depth`"],
      ["`change.depth` of `made-up` is never `deeep`; expected deep or shallow; did you mean `deep`"],
    ]);
  });

  it("is recorded, judged and undone, and people are notified", () => {
    expect(printed["entries"]).toMatchObject([
      {
        kind: "change-detected",
        operation: "made-up",
        call: "SealKey",
        says: "sealed the key",
        before: { text: '"open"' },
      },
      { kind: "change-judged", outcome: "revert", rule: "unseal", weight: "grave" },
      { kind: "revert-intended" },
      { kind: "change-reverted" },
    ]);
    expect(printed).toMatchObject({ state: "open", notified: [expect.stringContaining("made-up")] });
    expect(printed["calls"]).toEqual(expect.arrayContaining(["GetSeal", "UnsealKey"]));
  });

  it("is unknown without that line", async () => {
    const { operationOf } = await import("../../lib/domain/operations/registry.ts");
    expect(operationOf("SealKey")).toBeUndefined();
  });
});
