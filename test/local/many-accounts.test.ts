import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DeleteKeyCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mallory } from "../../local/world/people.ts";
import { startWorld } from "../../local/world/start-world.ts";
import type { World } from "../../local/world/world.ts";
import { root } from "../../scripts/bundle.ts";
import { packaged } from "../doubles/packaged.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-many-"));
let busy: World;
let quiet: World;
/** An AWS that takes every request and answers none. */
const silent = createServer(() => {});
const urlOf = (server: { address(): unknown }) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  const { templateFile, bundles } = await packaged("local");
  const start = async () => await startWorld({ templateFile, bundles, port: 0, slackTimeoutMs: 120_000 });
  busy = await start();
  quiet = await start();
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
  const arn = busy.controlPlane.seed({ keyId: "kwapwa6qaifllw2h", alias: "alias/prod/cvk-1" });
  const credentials = { accessKeyId: mallory.accessKeyId, secretAccessKey: "local" };
  const client = new PaymentCryptographyClient({ endpoint: busy.endpoint, region: "us-east-1", credentials });
  await client.send(new DeleteKeyCommand({ KeyIdentifier: arn, DeleteKeyInDays: 7 }));
  client.destroy();
  await busy.settle();
});
afterAll(async () => {
  silent.closeAllConnections();
  silent.close();
  await busy.stop();
  await quiet.stop();
  rmSync(folder, { recursive: true });
});

let files = 0;
/** Writes an accounts file with the named places, all of the same account unless another is named. */
function fileOf(
  places: Readonly<
    Record<string, { readonly endpointUrl: string; readonly account?: string; readonly profile?: string }>
  >,
) {
  files += 1;
  const file = join(folder, `${files}.yaml`);
  const listed = Object.entries(places).map(([name, place]) => ({
    name,
    account: "111122223333",
    region: "us-east-1",
    ...place,
  }));
  writeFileSync(file, JSON.stringify({ stage: "dev", places: listed }));
  return file;
}

/** Starts the command as a process of its own. */
function started(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [resolve(root, "cli/reprieve.ts"), ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], NO_COLOR: "1", AWS_EC2_METADATA_DISABLED: "true", ...env },
  });
  const printed = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (printed.out += String(chunk)));
  child.stderr.on("data", (chunk) => (printed.err += String(chunk)));
  const ended = new Promise<number | null>((done) => child.once("close", done));
  return { child, printed, ended };
}

async function ran(...args: readonly string[]) {
  const { printed, ended } = started(args);
  const status = await ended;
  return { status, ...printed, lines: printed.out.trimEnd().split("\n") };
}

const everyKind = () =>
  fileOf({
    busy: { endpointUrl: busy.endpoint },
    foreign: { endpointUrl: busy.endpoint, account: "999988887777" },
    hanging: { endpointUrl: urlOf(silent) },
    gone: { endpointUrl: "http://127.0.0.1:1" },
    quiet: { endpointUrl: quiet.endpoint },
  });

const unreported =
  "  ! the export is not on the audit trail: no endpoint of the stack is known: give --endpoint URL, set REPRIEVE_ENDPOINT, or name it in the accounts file (endpoint)\n";

describe("a command over several stacks", () => {
  it("lists the cases of those that answer, and names those that do not", async () => {
    const { status, err, lines } = await ran("cases", "list", "--accounts", everyKind(), "--json", "--timeout", "3");
    expect([status, err]).toEqual([2, ""]);
    const rows = lines.map((line) => JSON.parse(line));
    expect(rows.map(({ place, ok, error }) => [place, ok, error?.code])).toEqual([
      ["busy", true, undefined],
      ["foreign", false, "WrongAccount"],
      ["hanging", false, "Timeout"],
      ["gone", false, "ECONNREFUSED"],
      ["quiet", true, undefined],
    ]);
    expect(rows[0].result).toMatchObject([
      { case: expect.stringContaining("kwapwa6qaifllw2h#1"), state: "key-usable" },
    ]);
    expect(rows[4].result).toEqual([]);
  });

  it("prints no progress where nobody looks, and what to do at the end", async () => {
    const { err, lines } = await ran("cases", "list", "--accounts", everyKind(), "--only", "gone,quiet");
    expect(err).toBe("");
    expect(lines.at(-1)).toBe("2 places, 1 without a result; repeat with --only gone");
    expect(lines).toContain("quiet 111122223333 us-east-1");
  });

  it("scans, exports, verifies and reports each", async () => {
    const file = fileOf({ busy: { endpointUrl: busy.endpoint }, quiet: { endpointUrl: quiet.endpoint } });
    const policy = ["--policy", resolve(root, "local/policy.yaml")];
    expect(await ran("scan", "--accounts", file, ...policy)).toMatchObject({ status: 0, err: "" });
    await busy.sweep();
    await busy.settle();
    const exported = join(folder, "q3");
    expect(await ran("audit", "export", "--accounts", file, "--out", exported)).toMatchObject({
      ...{ status: 0, err: unreported.repeat(2) },
    });
    expect(readdirSync(exported)).toEqual(["busy", "quiet"]);
    const verified = await ran("audit", "verify", exported, "--accounts", file, "--json");
    expect(verified).toMatchObject({ status: 3, err: "" });
    expect(verified.lines.map((line) => JSON.parse(line).result.verdict)).toEqual(["linked", "linked"]);
    expect(await ran("report", exported, "--accounts", file)).toMatchObject({ status: 3, err: "" });
    expect(readdirSync(`${exported}-report`).sort()).toEqual([
      "busy",
      "cases.csv",
      "changes.csv",
      "quiet",
      "report.html",
    ]);
  });

  it("ends although a credential process hangs", async () => {
    const config = join(folder, "config");
    writeFileSync(config, "[profile slow]\ncredential_process = sleep 30\n");
    const file = fileOf({ slow: { endpointUrl: "http://127.0.0.2:1", profile: "slow" } });
    const { ended, printed } = started(["cases", "list", "--accounts", file, "--timeout", "1"], {
      AWS_CONFIG_FILE: config,
    });
    expect(await ended).toBe(2);
    expect(printed.out).toMatch(/^✗ slow 111122223333 us-east-1: Timeout: no answer within 1 s/);
  });

  it("ends by Ctrl-C with what is done, and leaves nothing half done", async () => {
    const file = fileOf({ busy: { endpointUrl: busy.endpoint }, hanging: { endpointUrl: urlOf(silent) } });
    const out = join(folder, "stopped");
    const asked = new Promise<void>((came) => silent.once("request", () => came()));
    const { child, ended, printed } = started(["audit", "export", "--accounts", file, "--out", out]);
    await asked;
    await expect.poll(() => printed.out).toContain("digest");
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect([printed.err, readdirSync(out)]).toEqual([unreported, ["busy"]]);
  });
});
