import { describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { listPermits } from "../../cli/permits/permit-list.ts";
import { run } from "../../cli/run.ts";
import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import type { PermitId } from "../../lib/domain/ledger/permit-name.ts";
import { detection } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { day, keyArn, t0 } from "../doubles/key-world.ts";

const arn = keyArn();
const principal = "arn:aws:iam::111122223333:user/alice";
const voter = { via: "aws", arn: principal, userId: "AIDAALICE" } as const;
const permit = {
  ...{ keyArn: arn, principal, person: "alice", minWaitingMs: 7 * day, group: "custodians" },
  ...{ approvedBy: ["bob", "carol"], proof: ["aws"] as const, issuedAt: t0, until: t0 + day },
};

function trail(name: string, ...bodies: readonly EntryBody[]): StoredTrail {
  const chain = bodies.reduce<Chain>((made, body) => append(made, body, t0), chainBefore(bodies[0]));
  return { case: name, texts: chain.texts, head: chain.head };
}
const asked = (number: number): EntryBody => ({
  ...{ kind: "permit-requested", keyArn: arn, number, rule: "ask", principal, subject: "alice", minWaitingMs: 7 * day },
  ...{ deadline: t0 + day, voter, person: "dave", reason: "CHG-9" },
});
const issued = (id: PermitId): EntryBody => ({ kind: "permit-issued", permit: { ...permit, id } });
const byCase = (generation: number): PermitId => ({ by: "case", generation });
const requested = (number: number): PermitId => ({ by: "request", number });
const used = (id: PermitId): EntryBody => ({
  ...{ kind: "permit-used", permit: id, case: { keyArn: arn, generation: 2 }, eventId: "e" },
});
const detected = (generation: number) => detection({ case: { keyArn: arn, generation } });
const trails = [
  trail(`${arn}#p1`, asked(1), issued(requested(1)), used(requested(1))),
  trail(`${arn}#p2`, asked(2), issued(requested(2)), { kind: "permit-revoked", permit: requested(2), by: "bob" }),
  trail(`${arn}#p3`, asked(3), issued(requested(3))),
  trail(`${arn}#p4`, asked(4)),
  trail(`${arn}#1`, detected(1), issued(byCase(1))),
  trail(`${arn}#2`, detected(2), used(byCase(1)), issued(byCase(2))),
  { case: `${arn}#p5`, texts: ["{"], head: "" },
];

async function ran(args: readonly string[], now = t0 + 1000) {
  const printed: string[] = [];
  const complained: string[] = [];
  const sent: { vote: Record<string, unknown> }[] = [];
  const machine: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", endpoint: "https://api.example.com", colours: false },
    ...{ clock: () => now, progress: () => {} },
    credentials: async () => ({ accessKeyId: "AKIABOBBOBBOBBOBBOB1", secretAccessKey: "s" }),
    pause: async () => {},
    aliasTarget: async () => undefined,
    fetch: async (_, init) => {
      if (init?.body === undefined) return new Response(JSON.stringify({ accepted: true, message: "Vote recorded." }));
      sent.push(JSON.parse(String(init.body)));
      return new Response(JSON.stringify({ receipt: "5e".repeat(32) }), { status: 202 });
    },
    trails: async function* () {
      yield* trails;
    },
    print: (line) => void printed.push(line),
    printError: (line) => void complained.push(line),
  };
  const status = await run(["permit", ...args], machine as CliContext);
  return { status, lines: printed, err: complained.join("\n"), sent };
}

const statesOf = (lines: readonly string[]) =>
  lines.map((line) => {
    const { permit: name, state } = JSON.parse(line) as { permit: string; state: string };
    return `${name
      .split("/")
      .at(-1)
      ?.replace(/^[^#]*/, "")} ${state}`;
  });

describe("permit list", () => {
  it("tells each permit and what happened to it, planned or given by a case", async () => {
    const { status, lines } = await ran(["list", "--json"]);
    expect(status).toBe(0);
    expect(statesOf(lines)).toEqual([
      ...["#p5 damaged", "#p1 used", "#p2 revoked", "#p3 live", "#p4 asked-for", "#1 used", "#2 live"],
    ]);
  });

  it.each<[string, (whole: StoredTrail) => StoredTrail]>([
    ["of another head", (whole) => ({ ...whole, head: "0".repeat(64) })],
    ["that lost its end", (whole) => ({ ...whole, texts: whole.texts.slice(0, -1) })],
    ["with an entry that is not one", (whole) => ({ ...whole, texts: [...whole.texts, "{}"] })],
    ["without an entry", (whole) => ({ ...whole, texts: [] })],
  ])("hides no chain %s: a permit by request, and one in a case", (_, damage) => {
    const whole = [
      trail(`${arn}#p3`, asked(3), issued(requested(3))),
      trail(`${arn}#2`, detected(2), issued(byCase(2))),
    ];
    const listed = listPermits([...whole.map(damage), damage({ ...trail("pause#1", asked(4)), case: "pause#1" })], t0);
    expect(listed.map(({ permit: name, state }) => [name, state])).toEqual([
      [`${arn}#p3`, "damaged"],
      [`${arn}#2`, "damaged"],
    ]);
  });

  it("of those that can still be given or used, on wish, with the time left", async () => {
    const { lines } = await ran(["list", "--live"]);
    expect(lines.map((line) => line.replace(/\s+/g, " "))).toEqual([
      `damaged the chain does not hold, what it permits is unknown: reprieve cases show, reprieve audit ${arn}#p5`,
      `2024-05-27 19:49:54 live for alice, 7 days of notice asked for by dave approved by bob and carol 24 h left ${arn}#p3`,
      `2024-05-27 19:49:54 asked-for for alice, 7 days of notice asked for by dave 24 h left ${arn}#p4`,
      `2024-05-27 19:49:54 live for alice, 7 days of notice approved by bob and carol 24 h left ${arn}#2`,
    ]);
  });

  it.each([
    [["--key", "kwapwa6qaifllw2h"], 7],
    [["--key", arn], 7],
    [["--key", "us-east-1", "--live"], 4],
    [["--key", "kwapwa6qaifllw2i"], 0],
    [["--key", "kwapwa6qaifllw2i", "--live"], 0],
    [["--key", "#p1"], 0],
  ])("with %j shows what each of them shows", async (args, count) => {
    const { status, lines } = await ran(["list", "--json", ...args]);
    expect([status, lines.length]).toEqual([0, count]);
    if (count === 0) expect((await ran(["list", ...args])).lines).toEqual(["no permit matches"]);
  });

  it("refuses an empty --key, as of a variable that is not set", async () => {
    const { status, err } = await ran(["list", "--key", ""]);
    expect([status, err]).toEqual([2, expect.stringContaining("expected text after --key, found nothing")]);
  });

  it("says that none is live once their time is over, but for what cannot be read", async () => {
    expect((await ran(["list", "--live"], t0 + day + 1)).lines).toEqual([expect.stringContaining(`${arn}#p5`)]);
    const { lines } = await ran(["list", "--json"], t0 + day + 1);
    expect(statesOf(lines).filter((line) => line.endsWith("expired"))).toHaveLength(3);
  });
});

describe("a word on a permit", () => {
  const reason = ["--reason", "CHG-9"];

  it("is sent as it was typed, signed for the region of the key", async () => {
    const { status, sent } = await ran([
      ...["request", arn, "--principal", principal, "--person", "alice", "--rule", "ask", "--notice", "14d", ...reason],
    ]);
    const request = { keyArn: arn, principal, person: "alice", rule: "ask", minWaitingMs: 14 * day };
    expect([status, sent[0]?.vote]).toEqual([0, expect.objectContaining({ permit: { request }, reason: "CHG-9" })]);
    const approved = await ran(["approve", `${arn}#p2`, ...reason]);
    expect(approved.sent[0]?.vote).toMatchObject({ permit: { approve: { keyArn: arn, number: 2 } } });
    const revoked = await ran(["revoke", `${arn}#p2`, ...reason]);
    expect(revoked.sent[0]?.vote).toMatchObject({ permit: { revoke: { keyArn: arn, number: 2 } } });
  });

  it.each<[string, readonly string[], string]>([
    ["no principal", ["request", arn], "expected --principal"],
    [
      "a session",
      ["request", arn, "--principal", "arn:aws:sts::111122223333:assumed-role/a/b"],
      "expected --principal",
    ],
    ["an alias of no key", ["request", "alias/x", "--principal", principal], "`alias/x` stands for no key"],
    ["an id", ["request", "kwapwa6qaifllw2h", "--principal", principal], "expected the ARN or an alias of a key"],
    ["no notice", ["request", arn, "--principal", principal, "--notice", "2d"], "expected a notice from 3d to 180d"],
    ["long notice", ["request", arn, "--principal", principal, "--notice", "181d"], "expected a notice from 3d"],
    ["a case", ["revoke", `${arn}#1`], "is revoked by `reprieve keep`"],
    ["a word", ["approve", "p1"], "expected a permit such as <key ARN>#p1, found `p1`"],
  ])("that was typed wrongly is said, and nothing is sent: %s", async (_, args, message) => {
    const { status, err, sent } = await ran([...args, ...reason]);
    expect([status, sent]).toEqual([2, []]);
    expect(err).toContain(message);
  });
});
