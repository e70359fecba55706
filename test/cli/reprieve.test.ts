import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyCaller } from "../../lib/aws/sts/caller-proof.ts";
import type { Caller } from "../../lib/aws/sts/caller-proof-answer.ts";
import { type CastVote, parseProvenVote } from "../../lib/aws/sts/proven-vote.ts";
import { codeOf } from "../../lib/domain/guard-error.ts";
import { root } from "../../scripts/bundle.ts";
import { type Running, serve, serveSts } from "./servers.ts";

const region = "us-east-1";
const name = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h#3";
const callers = {
  ASIAALICEALICEALICE1: {
    secret: "alice's own",
    token: "IQoJb3JpZ2lu/+==",
    identity: {
      Account: "111122223333",
      Arn: "arn:aws:sts::111122223333:assumed-role/Custodian/alice",
      UserId: "AROACUSTODIANCUSTODIA:alice",
    },
  },
};
const alice = {
  AWS_ACCESS_KEY_ID: "ASIAALICEALICEALICE1",
  AWS_SECRET_ACCESS_KEY: "alice's own",
  AWS_SESSION_TOKEN: "IQoJb3JpZ2lu/+==",
};

let sts: Running;
let stack: Running;
let received: { path: string | undefined; vote: CastVote; caller: Caller }[] = [];

beforeEach(async () => {
  received = [];
  sts = await serveSts({ region, now: Date.now, callers });
  stack = await serve(async (request, body, response) => {
    const json = (status: number, reply: object) => response.writeHead(status).end(JSON.stringify(reply));
    const receipt = "5e".repeat(32);
    if (request.url === `/receipts/${receipt}`)
      return void json(200, { accepted: true, message: "Your vote is on record." });
    try {
      const proven = parseProvenVote(body);
      const settings = { region, stsUrl: `${sts.url}/`, audience: stack.url, now: Date.now(), fetch };
      received.push({ path: request.url, vote: proven.vote, caller: await verifyCaller(proven, settings) });
      json(202, { receipt });
    } catch (error) {
      json(403, { code: codeOf(error) });
    }
  });
});

afterEach(async () => {
  await sts.stop();
  await stack.stop();
});

/** `reprieve` as a process that knows nothing of this machine's AWS configuration. */
async function reprieve(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  output: "pipe" | number = "pipe",
) {
  const offline = { AWS_EC2_METADATA_DISABLED: "true", AWS_CONFIG_FILE: "/dev/null", HOME: "/nonexistent" };
  const child = spawn(process.execPath, [resolve(root, "cli/reprieve.ts"), ...args], {
    stdio: ["pipe", output, "pipe"],
    env: { ...offline, AWS_SHARED_CREDENTIALS_FILE: "/dev/null", NO_COLOR: "1", ...environment },
  });
  const printed = { out: "", err: "" };
  child.stdout?.on("data", (chunk) => (printed.out += String(chunk)));
  child.stderr?.on("data", (chunk) => (printed.err += String(chunk)));
  const status = await new Promise<number | null>((done) => child.once("close", done));
  return { status, ...printed };
}

describe("reprieve", () => {
  it("casts a vote that STS vouches for", async () => {
    const args = ["approve", name, "--reason", "replaced, ticket 4711 — ü", "--sts-url", sts.url];
    const { status, out, err } = await reprieve(args, { ...alice, REPRIEVE_ENDPOINT: `${stack.url}/` });
    expect([status, out, err]).toEqual([0, `✓ Your vote is on record.\n  approve ${name}\n`, ""]);
    expect(received).toMatchObject([
      {
        path: "/votes",
        vote: { case: { generation: 3 }, choice: "approve", reason: "replaced, ticket 4711 — ü", audience: stack.url },
        caller: { account: "111122223333", userId: "AROACUSTODIANCUSTODIA:alice" },
      },
    ]);
  });

  it("answers a program in JSON", async () => {
    const args = ["keep", name, "--reason", "mine", "--sts-url", sts.url, "--endpoint", stack.url, "--json"];
    const { status, out, err } = await reprieve(args, alice);
    expect([status, err]).toEqual([0, ""]);
    const message = "Your vote is on record.";
    expect(JSON.parse(out)).toEqual({ accepted: true, message, outcome: "judged", case: name, choice: "keep" });
  });

  it("says what to do when STS does not know the caller", async () => {
    const args = ["keep", name, "--reason", "mine", "--sts-url", sts.url, "--endpoint", stack.url];
    const { status, out, err } = await reprieve(args, { ...alice, AWS_SECRET_ACCESS_KEY: "another" });
    expect([status, out]).toEqual([1, ""]);
    expect(err).toMatch(/^✗ not recorded \(CALLER_UNPROVEN\): .*sign in again/);
    expect(received).toEqual([]);
  });

  it("is refused when it signs for the real STS, and the stack asks another one", async () => {
    const args = ["keep", name, "--reason", "mine", "--endpoint", stack.url];
    expect(await reprieve(args, alice)).toMatchObject({ status: 1, err: expect.stringContaining("CALLER_UNPROVEN") });
  });

  it("sends nothing without credentials, and says how to get some", async () => {
    const { status, err } = await reprieve(["keep", name, "--reason", "mine", "--endpoint", stack.url]);
    expect(status).toBe(2);
    expect(err).toMatch(/^✗ found no AWS credentials .*`aws sso login`/);
  });

  it("says that its output is lost, and does not call that a finding", async () => {
    const full = openSync("/dev/full", "w");
    const { status, err } = await reprieve(["policy", "schema"], {}, full);
    closeSync(full);
    expect([status, err]).toEqual([
      2,
      "✗ standard output cannot be written (ENOSPC): free space, or name another file\n",
    ]);
  });

  it("explains itself", async () => {
    const { status, out, err } = await reprieve(["--help"]);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatch(/^usage: reprieve \[options\] \[command\]\n/);
    expect(await reprieve([])).toMatchObject({ status: 2, out: "" });
    expect((await reprieve(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
