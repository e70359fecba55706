import { describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import { changeNameText } from "../../lib/domain/ledger/change-name.ts";
import { stopName } from "../doubles/change-chains.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";

const arn = keyArn();
const stop = changeNameText(stopName);
const user = "arn:aws:iam::111122223333:user/alice";
const role = "arn:aws:iam::111122223333:role/key-deployer";
const roleId = "AROADEPLOYEREXAMPLE0";
const reason = ["--reason", "CHG-9"];
const alias = "alias/prod/pin";
const request = ["permit", "request", alias, "--operation", "alias", "--principal", user, ...reason];

interface Sent {
  readonly vote: Record<string, unknown>;
}

/** Runs a command against a stack that takes what is sent and answers `verdict`. */
async function ran(args: readonly string[], verdict: object = { accepted: true, message: "Recorded." }) {
  const printed: string[] = [];
  const errors: string[] = [];
  const sent: Sent[] = [];
  const context: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "eu-west-1", endpoint: "https://api.example.com", colours: false, clock: () => t0 },
    credentials: async () => ({ accessKeyId: "AKIABOBBOBBOBBOBBOB1", secretAccessKey: "s" }),
    pause: async () => {},
    fetch: async (_, init) => {
      if (init?.body === undefined) return new Response(JSON.stringify(verdict));
      sent.push(JSON.parse(String(init.body)) as Sent);
      return new Response(JSON.stringify({ receipt: "5e".repeat(32) }), { status: 202 });
    },
    print: (line) => void printed.push(line),
    printError: (line) => void errors.push(line),
  };
  const status = await run(args, context as CliContext);
  return { status, out: printed.join("\n"), err: errors.join("\n"), sent };
}

describe("start-key", () => {
  it.each([
    ["a stop", stop],
    ["a case", `${arn}#2`],
  ])("sends the name of %s as it was typed, signed for the Region of the key", async (_, name) => {
    const { status, out, sent } = await ran(["start-key", name, ...reason]);
    expect([status, out]).toEqual([0, "✓ Recorded."]);
    expect(sent.map(({ vote }) => vote)).toEqual([expect.objectContaining({ start: name, reason: "CHG-9" })]);
    expect(JSON.stringify(sent)).toContain("/us-east-1/sts/");
  });

  it("returns 1 and the stack's reason where the request does not count", async () => {
    const message = "Not recorded. You stopped this key.";
    const { status, out, err } = await ran(["start-key", stop, ...reason], { accepted: false, message });
    expect([status, out, err]).toEqual([1, "", `✗ ${message}`]);
  });

  it("prints one object with --json", async () => {
    const { out } = await ran(["start-key", stop, ...reason, "--json"]);
    expect(JSON.parse(out)).toEqual({ accepted: true, outcome: "judged", message: "Recorded.", start: stop });
  });

  it.each<[string, readonly string[], string]>([
    ["no name", [], "missing required argument `name`"],
    ["a key", [arn, ...reason], "expected a stop such as change#stop#<key ARN>#<hour>, or a case"],
    ["a permit", [`${arn}#p1`, ...reason], "expected a stop such as"],
    ["a permit for a change", [`change#alias#${alias}#p1`, ...reason], "expected a stop such as"],
    ["no reason", [stop], "expected a reason: --reason TEXT"],
  ])("sends nothing about %s", async (_, args, message) => {
    const { status, err, sent } = await ran(["start-key", ...args]);
    expect([status, sent]).toEqual([2, []]);
    expect(err).toContain(message);
  });

  it("explains the name in its help", async () => {
    const { status, out } = await ran(["start-key", "--help"]);
    expect(status).toBe(0);
    for (const each of ["change#stop#<key ARN>#<hour>", "--reason", "--sts-url", "--json"]) expect(out).toContain(each);
  });
});

describe("permit request --operation", () => {
  it("sends the request as it was typed", async () => {
    const more = ["--person", "alice", "--rule", "aliases", "--to", arn];
    const pinned = ["permit", "request", alias, "--operation", "alias", "--principal", role, "--role-id", roleId];
    const { status, sent } = await ran([...pinned, ...more, ...reason]);
    const about = { operation: "alias", subject: alias, principal: role, roleId };
    const expected = { changePermit: { request: { ...about, person: "alice", rule: "aliases", to: arn } } };
    expect([status, sent[0]?.vote]).toEqual([0, expect.objectContaining({ ...expected, reason: "CHG-9" })]);
  });

  it.each([
    ["the Region of a key", arn, "/us-east-1/sts/"],
    ["the caller's Region for an alias", alias, "/eu-west-1/sts/"],
  ])("is signed for %s", async (_, subject, scope) => {
    const args = ["permit", "request", subject, "--operation", "resource-policy", "--principal", user, ...reason];
    expect(JSON.stringify((await ran(args)).sent)).toContain(scope);
  });

  it("prints the permit with --json", async () => {
    const { out } = await ran([...request, "--json"]);
    const permit = { request: { operation: "alias", subject: alias, principal: user } };
    expect(JSON.parse(out)).toEqual({ accepted: true, outcome: "judged", message: "Recorded.", permit });
  });

  it.each<[string, readonly string[], string]>([
    ["an unknown operation", [alias, "--operation", "alais", "--principal", user], "expected an operation such as"],
    ["an id", ["kwapwa6qaifllw2h", "--operation", "alias", "--principal", user], "expected the ARN of a key, or an al"],
    ["no principal", [alias, "--operation", "alias"], "expected --principal"],
    ["a role without its id", [alias, "--operation", "alias", "--principal", role], "expected --role-id"],
    ["--to of another operation", [arn, "--operation", "stop", "--principal", user, "--to", arn], "takes --to"],
    [
      "--to an alias",
      [alias, "--operation", "alias", "--principal", user, "--to", alias],
      "expected --to with the ARN",
    ],
  ])("sends nothing about %s", async (_, args, message) => {
    const { status, err, sent } = await ran(["permit", "request", ...args, ...reason]);
    expect([status, sent]).toEqual([2, []]);
    expect(err).toContain(message);
  });

  it("suggests the operation that was meant", async () => {
    const { err } = await ran([...request.slice(0, 4), "alais", "--principal", user, ...reason]);
    expect(err).toContain("`alias`");
  });

  it("explains both options in its help", async () => {
    const { status, out } = await ran(["permit", "request", "--help"]);
    expect(status).toBe(0);
    for (const each of ["--operation <name>", "--to <arn>", "for --operation alias"]) expect(out).toContain(each);
  });
});

describe("an answer about a change", () => {
  const planned = `change#alias#${alias}#p1`;
  const asked = `change#alias#${alias}#498889`;

  it.each([
    ["permit approve", ["permit", "approve", planned], { approve: planned }],
    ["permit revoke", ["permit", "revoke", planned], { revoke: planned }],
    ["approve", ["approve", planned], { approve: planned }],
    ["approve of the change itself", ["approve", asked], { approve: `${asked}#permit` }],
    ["keep of the change itself", ["keep", asked], { revoke: `${asked}#permit` }],
  ])("by `%s` names the permit", async (_, args, changePermit) => {
    const { status, sent } = await ran([...args, ...reason]);
    expect([status, sent[0]?.vote]).toEqual([0, expect.objectContaining({ changePermit })]);
  });
});
