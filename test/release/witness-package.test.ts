import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import { readVerifierKey } from "../../lib/domain/log/verifier-key.ts";
import { checksumsText, readChecksums, sha256Of } from "../../lib/release/checksums.ts";
import { zipOf } from "../../lib/release/zip.ts";
import { root } from "../../scripts/bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-witness-package-"));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
const next = (name: string) => {
  made += 1;
  return join(folder, `${name}-${made}`);
};

/** A release in small: the template is the true one. */
function release(over: Readonly<Record<string, string>> = {}): string {
  const dir = next("release");
  mkdirSync(dir);
  const files = {
    "witness.zip": zipOf({ "index.mjs": Buffer.from("// witness") }),
    "witness-template.yml": readFileSync(resolve(root, "witness/template.yml")),
  };
  for (const [name, content] of Object.entries({ ...files, ...over })) writeFileSync(join(dir, name), content);
  writeFileSync(join(dir, "SHA256SUMS"), checksumsText(files));
  return dir;
}

async function ran(releaseFolder: string, ...args: readonly string[]) {
  const [printed, complained]: string[][] = [[], []];
  const context: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, releaseFolder },
    print: (line) => void printed?.push(line),
    printError: (line) => void complained?.push(line),
  };
  const status = await run(["witness", ...args], context as CliContext);
  return { status, out: printed?.join("\n") ?? "", err: complained?.join("\n") ?? "" };
}

describe("reprieve witness package", () => {
  it("writes the zip under the name of its content, and a template that names it", async () => {
    const out = next("out");
    const { status, out: printed } = await ran(release(), "package", "--out", out);
    expect(status).toBe(0);
    const [sums, template, zip = ""] = readdirSync(out).sort();
    expect([sums, template]).toEqual(["SHA256SUMS", "template.yml"]);
    expect(zip).toBe(`witness-${sha256Of(readFileSync(join(out, zip))).slice(0, 16)}.zip`);
    expect(readFileSync(join(out, "template.yml"), "utf8")).toContain(`Default: reprieve/${zip}\n`);
    expect(printed).toContain(`aws s3 cp ${join(out, zip)} s3://BUCKET/reprieve/`);
    const stated = readChecksums(readFileSync(join(out, "SHA256SUMS"), "utf8"));
    for (const name of [zip, "template.yml"]) expect(stated.get(name)).toBe(sha256Of(readFileSync(join(out, name))));
  });

  it("answers with JSON, and writes over nothing", async () => {
    const out = next("out");
    const { out: printed } = await ran(release(), "package", "--out", out, "--json");
    expect(JSON.parse(printed)).toMatchObject({ ok: true, out, files: expect.arrayContaining(["template.yml"]) });
    expect(await ran(release(), "package", "--out", out)).toMatchObject({
      ...{ status: 2, err: expect.stringContaining("already exists") },
    });
  });

  it.each([
    ["a zip", { "witness.zip": "another" }],
    ["a template", { "witness-template.yml": "another" }],
  ])("refuses %s that is not as the release states it", async (_, over) => {
    const out = next("out");
    const { status, err } = await ran(release(over), "package", "--out", out);
    expect([status, readdirSync(folder).some((name) => out.endsWith(name))]).toEqual([2, false]);
    expect(err).toContain("is not as SHA256SUMS states it");
  });

  it("says so where there is no release", async () => {
    expect(await ran(folder, "package", "--out", next("out"))).toMatchObject({
      ...{ status: 2, err: expect.stringContaining("holds no release") },
    });
  });
});

describe("reprieve witness key", () => {
  const spki = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "der" });

  it("prints the verifier key, which `audit verify --witness` and `witness.key` take", async () => {
    const file = next("key");
    writeFileSync(file, spki);
    const { status, out } = await ran("", "key", file, "--name", "witness.example.com/payments-prod");
    expect(status).toBe(0);
    expect(readVerifierKey(out)).toMatchObject({
      ...{ name: "witness.example.com/payments-prod", type: "cosignature", bytes: spki.subarray(-32) },
    });
  });

  it.each(["a b", "a+b", ""])("refuses the name `%s`", async (name) => {
    expect(await ran("", "key", "x", "--name", name)).toMatchObject({ status: 2 });
  });

  it("refuses a file that is no such key", async () => {
    const file = next("key");
    writeFileSync(file, "x");
    const { status, err } = await ran("", "key", file, "--name", "witness.example.com/payments-prod");
    expect([status, err]).toEqual([2, expect.stringContaining("is not a public key of Ed25519 in DER")]);
  });
});
