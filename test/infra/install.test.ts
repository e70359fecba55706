import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";

/** Makes a release twice, and fetches two runtimes from npm: `npm run test:infra`, not `npm test`. */
const wanted = process.env["REPRIEVE_INFRA"] !== undefined;

const folder = mkdtempSync(join(tmpdir(), "reprieve-install-"));
const release = join(folder, "release");
const sums: string[] = [];

beforeAll(() => {
  if (!wanted) return;
  for (let n = 0; n < 2; n++) {
    execFileSync(process.execPath, ["scripts/release.ts"], { cwd: root, stdio: "ignore" });
    sums.push(readFileSync(resolve(root, "dist/release/SHA256SUMS"), "utf8"));
  }
  cpSync(resolve(root, "dist/release"), release, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

const npm = (cwd: string, ...args: string[]) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

function emptyFolder(name: string): string {
  const made = join(folder, name);
  mkdirSync(made);
  writeFileSync(join(made, "package.json"), "{}");
  return made;
}

/** Bytes of all files below `dir`. */
function sizeOf(dir: string): number {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

describe.runIf(wanted)("a release", () => {
  it("is the same bytes in two runs, and its checksums hold", () => {
    expect(sums[1]).toBe(sums[0]);
    expect(spawnSync("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: release }).status).toBe(0);
    const listed = sums[0]?.split("\n").flatMap((line) => line.slice(66) || []);
    expect(listed).toEqual(
      readdirSync(release)
        .filter((name) => name !== "SHA256SUMS")
        .sort(),
    );
  });

  it("holds one section of the changelog", () => {
    const changes = readFileSync(join(release, "CHANGES.md"), "utf8");
    expect(changes.match(/^## /gm)).toHaveLength(1);
  });

  it("is not published: npm refuses", () => {
    const { status, stderr } = spawnSync("npm", ["publish", "--dry-run"], { cwd: root, encoding: "utf8" });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/EPRIVATE|not published/)]);
  });
});

describe.runIf(wanted).each([["22.23.5"], ["24.21.0"]])("the tarball on Node %s", (version) => {
  let node: string;
  let installed: string;
  const reprieve = (args: readonly string[], input = "") => {
    const file = join(installed, "lib/node_modules/@reprieve-guard/reprieve/bin/reprieve.mjs");
    const env = { NO_COLOR: "1", PATH: "/usr/bin:/bin" };
    return spawnSync(node, [file, ...args], { cwd: installed, encoding: "utf8", env, input });
  };

  beforeAll(() => {
    const runtime = emptyFolder(`node-${version}`);
    npm(runtime, "install", "--no-audit", "--no-fund", "--no-save", `node-linux-${arch()}@${version}`);
    node = join(runtime, `node_modules/node-linux-${arch()}/bin/node`);
    expect(execFileSync(node, ["--version"], { encoding: "utf8" }).trim()).toBe(`v${version}`);
    installed = emptyFolder(`installed-${version}`);
    const [tarball = ""] = readdirSync(release).filter((name) => name.endsWith(".tgz"));
    npm(installed, "install", "--global", "--prefix", installed, "--offline", join(release, tarball));
  });

  it("installs one package of less than 20 MB, and nothing else", () => {
    const modules = join(installed, "lib/node_modules");
    expect(readdirSync(modules).filter((name) => !name.startsWith("."))).toEqual(["@reprieve-guard"]);
    expect(sizeOf(modules)).toBeLessThan(20_000_000);
    expect(readdirSync(join(installed, "bin"))).toEqual(["reprieve"]);
  });

  it("runs without TypeScript and without warnings", () => {
    const { version: own } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as { version: string };
    expect(reprieve(["--version"])).toMatchObject({ status: 0, stdout: `${own}\n`, stderr: "" });
    expect(reprieve(["--help"])).toMatchObject({ status: 0, stderr: "" });
    const policy = "version: 1\nmode: enforce\ndefault: restore\nrules: []\n";
    expect(reprieve(["policy", "check", "-"], policy)).toMatchObject({ status: 0, stderr: "" });
    expect(reprieve(["policy", "check", "-"], "version: 2\n")).toMatchObject({ status: 1, stderr: "" });
  });

  it("packages a policy, and verifies with one file", () => {
    writeFileSync(join(installed, "policy.yaml"), "version: 1\nmode: enforce\ndefault: restore\nrules: []\n");
    const packaged = reprieve(["package", "--policy", "policy.yaml", "--stage", "prod", "--out", "out"]);
    expect(packaged).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(join(installed, "out")).filter((name) => name.endsWith(".zip"))).toHaveLength(5);
    const verifier = spawnSync(node, [join(release, "reprieve-verify.mjs"), "--help"], { encoding: "utf8" });
    expect([verifier.status, verifier.stdout]).toEqual([0, expect.stringContaining("usage: node reprieve-verify.mjs")]);
  });

  it("signs a vote: the AWS clients in the bundle load", () => {
    const arn = "arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h#1";
    const env = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "x", NO_COLOR: "1", PATH: "/usr/bin:/bin" };
    const file = join(installed, "lib/node_modules/@reprieve-guard/reprieve/bin/reprieve.mjs");
    const args = ["keep", arn, "--reason", "x", "--endpoint", "http://127.0.0.1:9", "--sts-url", "http://127.0.0.1:9"];
    const { status, stderr } = spawnSync(node, [file, ...args], { env, encoding: "utf8" });
    expect([status, stderr]).toEqual([1, expect.stringContaining("no answer from")]);
    const listed = reprieve(["cases", "list", "--endpoint-url", "http://127.0.0.1:9"]);
    expect([listed.status, listed.stderr]).toEqual([2, expect.stringContaining("cannot be read")]);
  });
});
