import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { root } from "../../../scripts/bundle.ts";
import { fill, pythonTools, runProgram } from "../cache.ts";
import type { Check, Outcome, Part } from "../part.ts";
import { type Difference, differences, differencesAsShipped } from "./differences.ts";
import { serveRegions } from "./regional-server.ts";

export const version = "5.2.5";

/** Runs moto's own tests of this service against the local control plane: exactly the tests fail that are known to differ. */
export const moto: Part = { name: "moto", software: `moto ${version}`, run: runMoto };

/** Installs moto; returns the folder of its programs. */
export function motoTools(): string {
  return pythonTools(`moto[server]==${version}`, "boto3==1.44.8", "pytest==9.1.1");
}

async function runMoto(): Promise<Outcome> {
  const tools = motoTools();
  const sources = fill(`moto-tests-${version}`, (folder) => {
    // The tests are in the source distribution only.
    const download = ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "moto", `moto==${version}`];
    execFileSync(join(tools, "python"), download, { cwd: folder, stdio: "inherit" });
    execFileSync("tar", ["xzf", `moto-${version}.tar.gz`, "--strip-components=1"], { cwd: folder, stdio: "inherit" });
  });
  const server = await serveRegions();
  const compareRun = async (title: string, known: readonly Difference[], options: readonly string[]) =>
    compared(title, await pytest(join(tools, "python"), sources, server.endpoint, options), known);
  try {
    const checks = [
      ...(await compareRun("as shipped", differencesAsShipped, [])),
      ...(await compareRun("with keys that can exist", differences, ["-p", "keys_that_can_exist"])),
    ];
    return {
      checks,
      deviations: [...new Set([...differences, ...differencesAsShipped].map(({ difference }) => difference))],
    };
  } finally {
    await server.stop();
  }
}

function compared(title: string, output: string, known: readonly Difference[]): readonly Check[] {
  const failed = new Set([...output.matchAll(/^FAILED .*::(\w+)/gm)].map(([, test = ""]) => test));
  const summary = /^(?:\d+ failed, )?\d+ passed.*$/m.exec(output)?.[0];
  const unknown = [...failed].filter((test) => !known.some((each) => each.test === test));
  const passed = known.filter(({ test }) => !failed.has(test)).map(({ test }) => test);
  return [
    { name: `moto's tests ran ${title}`, holds: summary !== undefined, found: summary ?? output },
    { name: `no unknown test fails ${title}`, holds: unknown.length === 0, found: unknown.join(", ") || "none" },
    { name: `no known difference is gone ${title}`, holds: passed.length === 0, found: passed.join(", ") || "none" },
  ];
}

async function pytest(python: string, cwd: string, endpoint: string, options: readonly string[]): Promise<string> {
  const tests = "tests/test_paymentcryptography/test_paymentcryptography.py";
  const args = ["-m", "pytest", "-q", "--color=no", "--tb=line", "-p", "no:cacheprovider", ...options, tests];
  const env = {
    PYTHONPATH: resolve(root, "test/interop/moto"),
    PYTHONDONTWRITEBYTECODE: "1",
    AWS_ACCESS_KEY_ID: "AKIAMOTO",
    AWS_SECRET_ACCESS_KEY: "local",
    TEST_SERVER_MODE: "true",
    TEST_SERVER_MODE_ENDPOINT: endpoint,
    // Should a client miss the endpoint, it must not reach AWS.
    HTTPS_PROXY: "http://127.0.0.1:1",
  };
  return (await runProgram(python, args, { cwd, env })).stdout;
}
