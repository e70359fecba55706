import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import { root } from "../../scripts/bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-policy-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text: string, ending = "yaml"): string {
  files += 1;
  const path = join(folder, `file-${files}.${ending}`);
  writeFileSync(path, text);
  return path;
}

async function ran(...args: readonly string[]) {
  const printed: string[] = [];
  const complained: string[] = [];
  const machine: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false },
    print: (line) => void printed.push(line),
    printError: (line) => void complained.push(line),
  };
  const status = await run(["policy", ...args], machine as CliContext);
  return { status, out: printed.join("\n"), err: complained.join("\n") };
}

const shipped = resolve(root, "policy/policy.yaml");
const policyWith = (rules: string) =>
  file(`version: 1\nmode: enforce\ndefault: restore\npeople:\n  alice: { slack: U0ALICE }\nrules:\n${rules}`);

describe("policy check", () => {
  it("says of a sound policy what it holds", async () => {
    expect(await ran("check", shipped)).toMatchObject({
      status: 0,
      out: `✓ ${shipped} is a policy that observes: 9 rules, 3 people, 0 warnings`,
    });
  });

  it("names every fault with its place, and ends with 1", async () => {
    const bad = policyWith("  - id: x\n    when: { key: { usage: TR31_P0_PIN_ENCRYPTON_KEY } }\n    then: alow\n");
    const { status, out } = await ran("check", bad);
    expect(status).toBe(1);
    expect(out).toContain(`✗ ${bad}:9:5 rules.0.then: expected restore, allow or ask`);
  });

  it("prints warnings with their place, which are errors with --strict alone", async () => {
    const doubtful = policyWith(
      "  - id: a\n    when: {}\n    then: restore\n  - id: b\n    when: { region: us-east-1 }\n    then: restore\n",
    );
    const { status, out } = await ran("check", doubtful);
    expect([status, out.split("\n")]).toEqual([
      0,
      [
        `! ${doubtful}:10:5 rules.1: is never reached: \`a\` above it matches whatever this rule does`,
        `✓ ${doubtful} is a policy that enforces: 2 rules, 1 person, 1 warning`,
      ],
    ]);
    expect((await ran("check", doubtful, "--strict")).status).toBe(1);
  });

  it("answers with one JSON object", async () => {
    const { out } = await ran("check", shipped, "--json");
    expect(JSON.parse(out)).toEqual({ file: shipped, ok: true, errors: [], warnings: [] });
  });

  it("cannot check what is not there", async () => {
    expect(await ran("check", "/nowhere")).toMatchObject({
      status: 2,
      err: "✗ `/nowhere` cannot be read: there is no such file here; name another, or change to its folder",
    });
  });

  it.each([
    ["a bomb of aliases", "a: &a [x,x]\nb: &b [*a,*a]\n"],
    ["a doubled key", "version: 1\nversion: 1\n"],
    ["a tag", "version: !!python/object 1\n"],
    ["no YAML", "{{{"],
    ["nothing", ""],
    ["bytes", "\u0000\u0001"],
  ])("refuses %s without a stack trace", async (_, text) => {
    const { status, out, err } = await ran("check", file(text));
    expect(status).toBe(1);
    expect(`${out}${err}`).not.toMatch(/\n {4}at /);
  });
});

describe("policy test", () => {
  const cases = resolve(root, "policy/policy.test.yaml");

  it("holds the shipped policy to its own cases, which exercise every rule", async () => {
    const { status, out } = await ran("test", cases, "--policy", shipped, "--full");
    expect(out).toMatch(/24 of 24 cases as expected$/);
    expect(out).not.toContain("!");
    expect(status).toBe(0);
  });

  const one = (more: string) => file(`cases:\n  - it: says so\n${more}`);

  it("shows what was expected and what was found", async () => {
    const { status, out } = await ran("test", one("    expect: { outcome: allow, rule: x }\n"), "--policy", shipped);
    expect(status).toBe(1);
    expect(out).toContain("✗ says so\n    expected allow by x, found restore by default");
  });

  it("names the rules that no case exercises, which is a failure with --full alone", async () => {
    const file_ = one("    expect: { outcome: restore }\n");
    const { status, out } = await ran("test", file_, "--policy", shipped);
    expect([status, out]).toEqual([0, expect.stringContaining("! no case exercises reaper-cleans-test-keys")]);
    expect((await ran("test", file_, "--policy", shipped, "--full")).status).toBe(1);
    const { out: json } = await ran("test", file_, "--policy", shipped, "--json");
    expect(JSON.parse(json)).toMatchObject({ failed: 0, results: [{ it: "says so", ok: true }] });
  });

  it.each([
    ["no cases", "cases: []\n", "expected at least one case"],
    ["an invalid outcome", "cases:\n  - it: x\n    expect: { outcome: delete }\n", "cases.0.expect.outcome"],
    ["an invalid field", "cases:\n  - it: x\n    expekt: {}\n", "cases.0"],
    [
      "an invalid requester",
      "cases:\n  - it: x\n    requester: alice\n    expect: { outcome: ask }\n",
      "expected unknown, or fields",
    ],
    ["no YAML", "cases: [", "is not valid YAML"],
  ])("refuses a file with %s", async (_, text, message) => {
    const { status, err } = await ran("test", file(text), "--policy", shipped);
    expect([status, err]).toEqual([2, expect.stringContaining(message)]);
  });

  const changePolicy = () =>
    policyWith(
      "  - id: rotations\n    when: { operation: alias, change: { alike: true }, requester: { roleId: AROADEPLOYEREXAMPLE0 } }\n    then: allow\n" +
        "  - id: others\n    when: { operation: alias }\n    then: revert\n",
    );

  it("judges changes other than deletions", async () => {
    const cases_ = file(
      [
        "cases:",
        "  - { it: passes rotations, operation: alias, change: { alike: true }, requester: { role: 'arn:aws:iam::111122223333:role/ci/d', roleId: AROADEPLOYEREXAMPLE0 }, expect: { outcome: allow, rule: rotations } }",
        "  - { it: undoes others, operation: alias, change: { alike: false }, expect: { outcome: revert, rule: others } }",
        "  - { it: undoes what is unknown, operation: alias, expect: { outcome: revert } }",
        "  - { it: reports stops, operation: stop, weight: grave, expect: { outcome: notify, rule: none } }",
        "  - { it: records the routine, operation: export, weight: routine, change: { whole: false, format: [tr31KeyBlock] }, expect: { outcome: allow, rule: none } }",
        "  - { it: restores, operation: delete, expect: { outcome: restore } }",
      ].join("\n"),
    );
    const { status, out } = await ran("test", cases_, "--policy", changePolicy(), "--full");
    expect(status).toBe(1);
    expect(out.split("\n")).toEqual([
      "✓ passes rotations",
      "✓ undoes others",
      "✗ undoes what is unknown",
      "    expected revert, found notify by none (`rotations` may match: nothing settles change.alike)",
      "✓ reports stops",
      "✓ records the routine",
      "✓ restores",
      "5 of 6 cases as expected",
    ]);
  });

  it.each([
    ["an operation", "operation: aliass", "cases.0.operation: expected stop, start, alias, labels"],
    [
      "what the operation tells",
      "operation: alias, change: { alke: true }",
      "  3:42 cases.0.change.alke: `alias` tells no `alke`: there is fromUsage, toUsage, fromAlgorithm, toAlgorithm, alike; did you mean `alike`",
    ],
    [
      "a value",
      "operation: labels, change: { decision: [same, othr] }",
      "cases.0.change.decision: `decision` of `labels` is never `othr`; did you mean `other`",
    ],
    ["a weight", "operation: stop, weight: heavy", "cases.0.weight: expected routine, notable or grave"],
    ["a waiting period", "operation: stop, request: { waitingDays: 7 }", "cases.0.request.waitingDays"],
    [
      "an outcome",
      "operation: stop, expect: { outcome: restore }",
      "cases.0.expect.outcome: expected allow, notify, revert",
    ],
  ])("refuses a case with a slip in %s", async (_, fields, message) => {
    const cases_ = file(
      `cases:\n  # one\n  - { it: x, ${fields.includes("expect") ? fields : `${fields}, expect: { outcome: notify }`} }\n`,
    );
    const { status, err } = await ran("test", cases_, "--policy", changePolicy());
    expect([status, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it("needs a policy that is one", async () => {
    const { status, err } = await ran("test", cases, "--policy", policyWith("  - x\n"));
    expect([status, err]).toEqual([2, expect.stringContaining("is no policy:")]);
  });
});

describe("policy schema", () => {
  it("prints what lies beside the policy, which its first line names to editors", async () => {
    const { status, out } = await ran("schema");
    expect([status, JSON.parse(out).title]).toEqual([0, "The policy of reprieve"]);
    expect(readFileSync(shipped, "utf8")).toMatch(/^# yaml-language-server: \$schema=\.\/policy\.schema\.json\n/);
  });
});

describe("policy explain", () => {
  const event = (name: string) => resolve(root, `events/${name}.json`);

  it("shows each rule with each condition, and which one decides", async () => {
    const { status, out } = await ran("explain", "--event", event("delete-key-sso"), "--policy", shipped);
    expect(status).toBe(0);
    expect(out).toContain(
      "  retirement-in-office-hours (ask, does not match)\n      ✗ request.waitingDays  ✓ request.window  ✓ requester.person",
    );
    expect(out).toContain("\nrestore by default\n");
  });

  it("says what is missing where the record does not hold it, and takes it from the key", async () => {
    const assumed = ["--policy", shipped, "--assume-min-age"];
    const { out } = await ran("explain", "--event", event("delete-key-ci-role"), ...assumed);
    expect(out).toContain("the policy asks for tags and aliases (nothing is decided yet): give them by --key");
    const { responseElements } = JSON.parse(readFileSync(event("delete-key-ci-role"), "utf8")).detail;
    const Key = {
      KeyArn: responseElements.key.keyArn,
      KeyAttributes: { KeyUsage: "TR31_C0_CARD_VERIFICATION_KEY" },
      DeletePendingTimestamp: "2024-06-30T00:00:00Z",
    };
    const Tags = [{ Key: "Environment", Value: "test" }];
    const key = file(JSON.stringify({ Key, Tags, Aliases: [{ AliasName: "alias/test/x" }] }), "json");
    const known = await ran("explain", "--event", event("delete-key-ci-role"), ...assumed, "--key", key);
    expect(known.out).toContain("→ reaper-cleans-test-keys (allow, matches)");
    expect(known.out).toContain("\nallow by reaper-cleans-test-keys\n");
    const unseen = await ran("explain", "--event", event("delete-key-ci-role"), "--policy", shipped, "--key", key);
    expect(unseen.out).toContain("reaper-cleans-test-keys (allow, stays open)");
    expect(unseen.out).toContain("? key.tags.Environment");
    expect(unseen.out).toContain(
      "ask by retirement-in-office-hours\nreaper-cleans-test-keys rests on key.tags.Environment, and no inventory says that it is old enough: see --assume-min-age\n",
    );
    const { out: json } = await ran(
      "explain",
      "--event",
      event("delete-key-sso"),
      "--policy",
      shipped,
      "--key",
      key,
      "--json",
    );
    expect(JSON.parse(json)).toMatchObject({ verdict: { kind: "decided" }, neverNeeded: ["tags", "aliases"] });
  });

  it.each<[string, object, string]>([
    ["a map of tags", { Tags: { Environment: "test" } }, "`Tags` is not valid: expected Tags as [{"],
    ["aliases as texts", { Aliases: ["alias/test/x"] }, "`Aliases.0` is not valid: expected Aliases as [{"],
    ["an alias without a name", { Aliases: [{}] }, "`Aliases.0.AliasName` is not valid: expected Aliases as [{"],
    ["no key", { Key: undefined }, "holds no key (`Key`): expected the output of aws payment-cryptography get-key"],
    ["another ARN", { Key: { KeyArn: "arn:aws:s3:::x" } }, "`Key.KeyArn` is not the ARN of a payment key"],
  ])("names what is wrong with %s in the file of the key", async (_, more, message) => {
    const KeyArn = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h";
    const key = file(JSON.stringify({ Key: { KeyArn }, ...more }), "json");
    const options = ["--event", event("delete-key-ci-role"), "--policy", shipped, "--key", key];
    const { status, err } = await ran("explain", ...options);
    expect([status, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it("does not take a record without a waiting period for one of seven days", async () => {
    const reaper = JSON.parse(readFileSync(event("delete-key-ci-role"), "utf8"));
    delete reaper.detail.requestParameters.deleteKeyInDays;
    const { out } = await ran("explain", "--event", file(JSON.stringify(reaper), "json"), "--policy", shipped);
    expect(out).toContain("reaper-cleans-test-keys (allow, stays open)");
    expect(out).toContain("\nrestore by default\n");
  });

  it("takes a bare record of CloudTrail too", async () => {
    const { detail } = JSON.parse(readFileSync(event("delete-key-sso"), "utf8"));
    const { status, out } = await ran("explain", "--event", file(JSON.stringify(detail), "json"), "--policy", shipped);
    expect([status, out]).toEqual([0, expect.stringContaining("restore by default")]);
  });

  it("judges a call of another operation by its record", async () => {
    const stops = policyWith(
      "  - id: responders\n    when: { operation: stop, requester: { roleId: AROARESPONDEREXAMPLE } }\n    then: notify\n" +
        "  - id: card-keys\n    when: { operation: [stop, alias], key: { usage: TR31_C0_*, tags: { Environment: prod } } }\n    then: revert\n" +
        "  - id: aliases\n    when: { operation: alias }\n    then: revert\n",
    );
    const { status, out } = await ran("explain", "--event", event("changes/stop-key-usage"), "--policy", stops);
    expect(status).toBe(0);
    expect(out.split("\n")).toEqual([
      "stop: arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h",
      expect.stringMatching(/^ {2}StopKeyUsage at 2026-11-28T15:00:00.000Z by arn:aws:iam::111122223333:role/),
      "  responders (notify, does not match)",
      "      ✗ requester.roleId",
      "  card-keys (revert, stays open)",
      "      ✓ key.usage  ? key.tags.Environment",
      "notify by none (grave)",
      "card-keys may match, and nothing settles key.tags.Environment",
      "judged by the record alone: labels, other keys and the state before are not known",
    ]);
    const { out: json } = await ran("explain", "--event", event("changes/stop-key-usage"), "--policy", stops, "--json");
    expect(JSON.parse(json)).toMatchObject({
      ...{ operation: "stop", weight: "grave", verdict: { outcome: "notify", rule: "none" } },
      rules: [{ id: "responders" }, { id: "card-keys", matches: "open" }],
    });
  });

  it.each([
    ["update-alias", "alias: alias/prod/cvk-2", "→ aliases (revert, matches)"],
    ["import-key-approved", "import: arn:aws:payment-cryptography", "  change.approval: APPROVED"],
    ["disassociate-mpa-team", "approval-team: account", "  change.removes: true"],
  ])("takes the record of %s, also without its envelope", async (name, title, line) => {
    const aliases = policyWith("  - id: aliases\n    when: { operation: alias }\n    then: revert\n");
    const { detail } = JSON.parse(readFileSync(event(`changes/${name}`), "utf8"));
    const bare = await ran("explain", "--event", file(JSON.stringify(detail), "json"), "--policy", aliases);
    const { out } = await ran("explain", "--event", event(`changes/${name}`), "--policy", aliases);
    expect(out).toBe(bare.out);
    expect(out).toMatch(new RegExp(`^${title}`));
    expect(out.split("\n")).toContain(line);
  });

  it.each([
    ["a failed call", event("delete-key-wrong-state"), "the call failed: nothing was deleted"],
    ["another call", event("create-key"), "detail.eventName"],
    ["another tool's JSON", resolve(root, "package.json"), "`"],
    ["no JSON", shipped, "is not JSON"],
    ["nothing", "/nowhere", "cannot be read"],
  ])("refuses %s", async (_, path, message) => {
    const { status, err } = await ran("explain", "--event", path, "--policy", shipped);
    expect([status, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it("shows text of strangers without doing what it says", async () => {
    const { out } = await ran("explain", "--event", event("delete-key-hostile-text"), "--policy", shipped);
    expect(out).not.toContain("\u001b");
  });
});
