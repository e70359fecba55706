import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { createProgram } from "../../cli/program.ts";
import { run } from "../../cli/run.ts";
import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { checksumsText } from "../../lib/release/checksums.ts";
import { root } from "../../scripts/bundle.ts";
import { decided, detection, toAsk, toRestore } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { byRule, changeChain, changed, stopName, trailOf, undone } from "../doubles/change-chains.ts";
import { alice, day, deletionRequest, keyArn, paymentKey, t0 } from "../doubles/key-world.ts";
import { healthy } from "../doubles/stack-health.ts";
import { documentedShapes } from "./json-shapes.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-json-"));
afterAll(() => rmSync(folder, { recursive: true }));
const inRepository = (file: string) => resolve(root, file);
const policy = inRepository("policy/policy.yaml");
const broken = join(folder, "broken.yaml");
writeFileSync(broken, "version: 1\nmode: enforce\ndefault: restor\n");

const released = mkdtempSync(join(folder, "release-"));
const releasedFiles = {
  "witness.zip": "zip",
  "witness-template.yml": readFileSync(inRepository("witness/template.yml"), "utf8"),
};
for (const [name, text] of Object.entries(releasedFiles)) writeFileSync(join(released, name), text);
writeFileSync(join(released, "SHA256SUMS"), checksumsText(releasedFiles));

const reviewed = join(folder, "reviewed.yaml");
copyFileSync(policy, reviewed);
const git = (...args: readonly string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: folder });
git("init", "--quiet");
git("add", "-A");
git("commit", "--quiet", "--no-gpg-sign", "-m", "first");

const arn = keyArn();
const question: EntryBody = { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + 2 * day };
const voter = { via: "aws", arn: "arn:aws:iam::111122223333:user/dave", userId: "AIDADAVE" } as const;
const asksForPermit: EntryBody = {
  ...{ kind: "permit-requested", keyArn: arn, number: 1, rule: "ask", principal: voter.arn, subject: "dave", voter },
  ...{ minWaitingMs: 7 * day, deadline: t0 + 2 * day, person: "dave", reason: "CHG-9" },
};
const detected = (generation: number) => detection({ case: { keyArn: arn, generation } });
const trail = (name: string, ...bodies: readonly EntryBody[]): StoredTrail => {
  const chain = bodies.reduce<Chain>((made, body, n) => append(made, body, t0 + n), chainBefore(bodies[0]));
  return { case: name, texts: chain.texts, head: chain.head };
};
const trails = [
  trail(`${arn}#1`, detected(1), toRestore),
  trail(`${arn}#2`, detected(2), decided(toAsk.effect, { approvers: ["bob"] }), question),
  { ...trail(`${arn}#3`, detected(3)), head: "0".repeat(64) },
  trail(`${arn}#p1`, asksForPermit),
  trailOf(changeChain(stopName, changed(stopName), byRule, undone)),
  { ...trailOf(changeChain({ ...stopName, hour: 7 }, changed(stopName))), head: "0".repeat(64) },
];

const receipt = "5e".repeat(32);
type Answer = () => Response;
const taken: Answer = () => new Response(JSON.stringify({ receipt }), { status: 202 });
const counted: Answer = () => new Response(JSON.stringify({ accepted: true, message: "Vote recorded." }));
const refused: Answer = () => new Response(JSON.stringify({ code: "CASE_UNKNOWN" }), { status: 404 });
const lost: Answer = () => {
  throw new TypeError("fetch failed");
};

/** Runs a command with --json against a stack that answers votes with `vote`; returns what it printed, parsed. */
async function objectsOf(args: readonly string[], vote: Answer = taken, verdict: Answer = counted) {
  const printed: string[] = [];
  const complained: string[] = [];
  let looks = 0;
  const context: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: true, clock: () => t0, progress: () => {} },
    endpoint: "https://api.example.com",
    credentials: async () => ({ accessKeyId: "AKIABOBBOBBOBBOBBOB1", secretAccessKey: "s" }),
    aliasTarget: async () => undefined,
    trails: async function* () {
      looks += 1;
      yield* args.includes("watch") && looks === 1 ? [] : trails;
    },
    fetch: async (_, init) => (init?.body === undefined ? verdict() : vote()),
    pause: async () => (looks > 1 ? "stop" : "again"),
    invokeSweep: async () => ({ kind: "answered", payload: { moved: 3, left: false } }),
    probes: async () => ({
      ...{ caller: async () => "alice", keys: async () => "answers", table: async () => "is active" },
      ...{ bucket: async () => "holds checkpoints", changesAreRefused: async () => false },
    }),
    health: async () => healthy(),
    keys: async () => ({
      pending: async () => [arn, keyArn("other0000000keys")].map((each) => ({ arn: each, usage: "x" })),
      observe: async (each) => ({ kind: "pending", key: paymentKey({ arn: each }), deletePendingAt: t0 + day }),
      tags: async () => ({}),
      aliases: async () => ["alias/prod/cvk-1"],
      deletions: async () => new Map([[arn, deletionRequest({ requester: alice })]]),
    }),
    print: (line) => void printed.push(...line.split("\n")),
    printError: (line) => void complained.push(line),
  };
  await run([...args, "--json"], context as CliContext);
  expect(complained).toEqual([]);
  return printed.map((line) => JSON.parse(line) as Record<string, unknown>);
}

const shapes = documentedShapes();
const vote = ["--reason", "mine"];
const request = ["permit", "request", arn, "--principal", voter.arn, "--person", "dave", "--rule", "ask", ...vote];
const requestForChange = [
  ...["permit", "request", "alias/prod/pin", "--operation", "alias", "--principal", voter.arn, ...vote],
];
const permitForChange = "change#alias#alias/prod/pin#p1";
const stop = `change#stop#${arn}#${stopName.hour}`;
const byPolicy = ["--policy", policy];

describe("the JSON output of docs/command.md", () => {
  it.each<[string, readonly string[], Answer?, Answer?]>([
    ["policy check", ["policy", "check", policy]],
    ["policy check", ["policy", "check", broken]],
    ["policy test", ["policy", "test", inRepository("policy/policy.test.yaml"), ...byPolicy]],
    ["policy explain", ["policy", "explain", "--event", inRepository("events/delete-key-sso.json"), ...byPolicy]],
    [
      "policy explain",
      ["policy", "explain", "--event", inRepository("events/changes/stop-key-usage.json"), ...byPolicy],
    ],
    ["policy hash", ["policy", "hash", policy]],
    ["policy diff", ["policy", "diff", policy, inRepository("local/policy.yaml")]],
    ["policy review", ["policy", "review", "--base", "HEAD", "--policy", reviewed, "--logs", inRepository("events")]],
    ["policy review", ["policy", "review", "--base", "HEAD", "--policy", broken]],
    ["package", ["package", "--policy", broken, "--out", join(folder, "package")]],
    ["witness package", ["witness", "package", "--release", released, "--out", join(folder, "witness")]],
    ["scan", ["scan", ...byPolicy]],
    ["cases list", ["cases", "list"]],
    ["cases show", ["cases", "show", `${arn}#2`]],
    ["cases watch", ["cases", "watch"]],
    ["changes list", ["changes", "list"]],
    ["changes list", ["cases", "list", "--operation", "stop"]],
    ["changes show", ["changes", "show", `change#stop#${arn}#${stopName.hour}`]],
    ["approve", ["approve", `${arn}#1`, ...vote]],
    ["keep", ["keep", `${arn}#1`, ...vote]],
    ["keep", ["keep", `${arn}#1`, ...vote], refused],
    ["keep", ["keep", `${arn}#1`, ...vote], lost],
    ["keep", ["keep", `${arn}#1`, ...vote], taken, taken],
    ["approve", ["approve", permitForChange, ...vote]],
    ["keep", ["keep", permitForChange, ...vote], refused],
    ["start-key", ["start-key", stop, ...vote]],
    ["start-key", ["start-key", `${arn}#1`, ...vote], refused],
    ["start-key", ["start-key", stop, ...vote], lost],
    ["start-key", ["start-key", stop, ...vote], taken, taken],
    ["pause", ["pause", "--for", "2h", ...vote]],
    ["permit request", request],
    ["permit request", request, refused],
    ["permit request", requestForChange],
    ["permit request", requestForChange, refused],
    ["permit approve", ["permit", "approve", `${arn}#p1`, ...vote]],
    ["permit approve", ["permit", "approve", permitForChange, ...vote]],
    ["permit revoke", ["permit", "revoke", `${arn}#p1`, ...vote], lost],
    ["permit list", ["permit", "list"]],
    ["redrive", ["redrive", "guard"]],
    ["doctor", ["doctor", ...byPolicy]],
  ])("of %s has the fields that it says, and no others: %j", async (command, args, voted, verdict) => {
    const { always = [], sometimes = [] } = shapes.get(command) ?? {};
    const objects = await objectsOf(args, voted, verdict);
    expect(objects.length).toBeGreaterThan(0);
    for (const each of objects) {
      const fields = Object.keys(each);
      expect(fields).toEqual(expect.arrayContaining([...always]));
      const others = fields.filter((field) => !always.includes(field) && !sometimes.includes(field));
      // What the kind of an entry has is in docs/audit-trail.md.
      if (!command.endsWith(" show")) expect(others).toEqual([]);
    }
  });

  it("lists every command that has --json", () => {
    const program = createProgram({ version: "0.1.0" } as CliContext, () => {});
    expect([...shapes.keys()].toSorted()).toEqual(jsonCommands(program).toSorted());
  });

  it("says of a vote what happened to it, and in which case", async () => {
    const outcomes = async (voted: Answer, verdict?: Answer) =>
      (await objectsOf(["keep", `${arn}#1`, ...vote], voted, verdict))[0];
    const about = { case: `${arn}#1`, choice: "keep" };
    expect(await outcomes(taken)).toEqual({ accepted: true, outcome: "judged", message: "Vote recorded.", ...about });
    expect(await outcomes(refused)).toEqual({ accepted: false, outcome: "refused", code: "CASE_UNKNOWN", ...about });
    expect(await outcomes(lost)).toEqual({ accepted: false, outcome: "no-answer", why: "fetch failed", ...about });
    expect(await outcomes(taken, taken)).toEqual({ accepted: false, outcome: "waiting", receipt, ...about });
  });
});

/** Returns the names of the commands below `command` that have --json. */
function jsonCommands(command: Command, path: readonly string[] = []): readonly string[] {
  const own = command.options.some(({ long }) => long === "--json") ? [path.join(" ")] : [];
  return [...own, ...command.commands.flatMap((each) => jsonCommands(each, [...path, each.name()]))];
}
