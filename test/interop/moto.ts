/**
 * Runs moto's own tests of this service against the local control plane, and fails unless exactly the tests fail that are known
 * to differ (docs/interop.md). Needs python3 with venv and pip, and PyPI:
 *   npm run test:interop
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { root } from "../../scripts/bundle.ts";
import { type Difference, differences, differencesAsShipped } from "./moto/differences.ts";
import { type RegionalServer, serveRegions } from "./moto/regional-server.ts";

const version = "5.2.5";
const folder = join(root, ".build/interop");
const sources = join(folder, `moto-${version}`);
const python = join(folder, "venv/bin/python");
const plugin = "keys_that_can_exist";

prepare();
const server = await serveRegions();
try {
  const asShipped = await compare("as shipped", server, differencesAsShipped, []);
  const withKeys = await compare("with keys that can exist", server, differences, ["-p", plugin]);
  process.exitCode = asShipped && withKeys ? 0 : 1;
} finally {
  await server.stop();
}

/** Installs moto and unpacks its tests, once: the tests are in the source distribution only. */
function prepare(): void {
  mkdirSync(folder, { recursive: true });
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, stdio: "inherit" });
  if (!existsSync(python)) {
    run("python3", "-m", "venv", "venv");
    run(python, "-m", "pip", "install", "--quiet", `moto[server]==${version}`, "boto3", "pytest");
  }
  if (existsSync(sources)) return;
  run(python, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "moto", `moto==${version}`);
  run("tar", "xzf", `moto-${version}.tar.gz`);
}

/** Returns whether the tests that fail are the ones that are known to. */
async function compare(
  title: string,
  { endpoint }: RegionalServer,
  known: readonly Difference[],
  options: readonly string[],
): Promise<boolean> {
  const output = await pytest(endpoint, options);
  const failed = new Set([...output.matchAll(/^FAILED .*::(\w+)/gm)].map(([, test = ""]) => test));
  const summary = /^(?:\d+ failed, )?\d+ passed.*$/m.exec(output)?.[0];
  const unknown = [...failed].filter((test) => !known.some((each) => each.test === test));
  const passed = known.filter(({ test }) => !failed.has(test)).map(({ test }) => test);
  console.log(`moto ${version}, ${title}: ${summary ?? "did not run"}`);
  for (const test of unknown) console.log(`  ${test} fails, and no difference is known`);
  for (const test of passed) console.log(`  ${test} passes, and was known to differ`);
  if (summary === undefined) console.log(output);
  return summary !== undefined && unknown.length === 0 && passed.length === 0;
}

async function pytest(endpoint: string, options: readonly string[]): Promise<string> {
  const tests = "tests/test_paymentcryptography/test_paymentcryptography.py";
  const args = ["-m", "pytest", "-q", "--color=no", "--tb=line", "-p", "no:cacheprovider", ...options, tests];
  const env = {
    PATH: process.env["PATH"],
    PYTHONPATH: resolve(root, "test/interop/moto"),
    PYTHONDONTWRITEBYTECODE: "1",
    AWS_ACCESS_KEY_ID: "AKIAMOTO",
    AWS_SECRET_ACCESS_KEY: "local",
    TEST_SERVER_MODE: "true",
    TEST_SERVER_MODE_ENDPOINT: endpoint,
    // Should a client miss the endpoint, it must not reach AWS.
    HTTPS_PROXY: "http://127.0.0.1:1",
  };
  const ran = promisify(execFile)(python, args, { cwd: sources, env, maxBuffer: 50_000_000 });
  return await ran.then(({ stdout }) => stdout).catch((error: { stdout?: string }) => error.stdout ?? String(error));
}
