/**
 * 2,000 keys, the most that an account may have, deleted at once, under the service's limit of 5 calls a second: how long it takes until
 * all of them are usable again, against what the guard's share of the quota permits. And once with every event lost, by one sweep in a
 * process of its own that keeps no pace, for its memory.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { localParameters } from "../local/parameters.ts";
import { account, guard, region, sweeper } from "../local/people.ts";
import { callerFor } from "../local/soak/cast.ts";
import { environmentOf } from "../local/template/functions.ts";
import { Template } from "../local/template/template.ts";
import { startWorld } from "../local/world.ts";
import { root } from "../scripts/bundle.ts";
import { packageStack } from "../scripts/package.ts";

const keyCount = 2_000;
const guardCallsPerSecond = 3;
const speed = 30;
const targetMb = 150;
/** What is live has to fit into this heap: without a limit Node lets garbage lie for as long as the machine has room. */
const heap = ["--max-old-space-size=60", "--max-semi-space-size=2"];

const outDir = mkdtempSync(join(tmpdir(), "reprieve-bench-"));
const policyFile = resolve(root, "local/policy.yaml");
const { templateFile, bundles } = await packageStack({ policyFile, stage: "dev", parameters: localParameters, outDir });
const world = await startWorld({ templateFile, bundles, port: 0 });
const { controlPlane, clock, bus } = world;
controlPlane.settings.deletionDisablesKey = false;
try {
  const keys = Array.from({ length: keyCount }, (_, n) => controlPlane.seed({ alias: `alias/storm/${n}` }));
  // First, while the world's clock is that of the process.
  await bySweep(keys);
  await byEvents(keys);
} finally {
  await world.stop();
  rmSync(outDir, { recursive: true });
}

function deleteAll(keys: readonly string[]): void {
  for (const KeyIdentifier of keys)
    controlPlane.handle("DeleteKey", { KeyIdentifier, DeleteKeyInDays: 3 }, callerFor("mallory"));
}

function usable(): number {
  return controlPlane.keys().filter(({ KeyState, Enabled }) => KeyState === "CREATE_COMPLETE" && Enabled).length;
}

async function byEvents(keys: readonly string[]): Promise<void> {
  bus.delivery = (envelope) => [envelope];
  deleteAll(keys);
  const began = clock.now();
  controlPlane.limitTo(5);
  clock.setSpeed(speed);
  await world.settle({ advance: true });
  clock.setSpeed(1);
  controlPlane.limitTo(null);
  const calls = controlPlane.calls.filter(({ accessKeyId }) => accessKeyId === guard.accessKeyId);
  const throttled = calls.filter(({ errorName }) => errorName !== undefined).length;
  const elapsed = ((calls.at(-1)?.at ?? began) - began) / 1000;
  const bound = (calls.length - throttled) / guardCallsPerSecond;
  console.log(`by events: ${usable()} of ${keyCount} keys usable; ${calls.length} calls, ${throttled} throttled`);
  console.log(
    `  ${elapsed.toFixed(0)} s of the world's clock; the share of the quota permits ${bound.toFixed(0)} s: ratio ${(elapsed / bound).toFixed(3)}`,
  );
}

async function bySweep(keys: readonly string[]): Promise<void> {
  bus.delivery = () => [];
  deleteAll(keys);
  const template = new Template(templateFile, {
    account,
    region,
    queueUrl: (name) => name,
    apiUrl: () => world.endpoint,
  });
  const described = template
    .ofType("AWS::Lambda::Function")
    .find(({ properties }) => String(properties["FunctionName"]).endsWith("-sweep"));
  const environment = environmentOf(described?.properties ?? {}, "sweep", world);
  const [module = "", handler = ""] = String(described?.properties["Handler"]).split(".");
  const script = `
    const run = (await import(${JSON.stringify(join(bundles.sweep, `${module}.mjs`))}))[${JSON.stringify(handler)}];
    const until = Date.now() + 600_000;
    await run({}, { awsRequestId: "bench", functionName: "sweep", getRemainingTimeInMillis: () => until - Date.now() });
    process.stderr.write(String(process.resourceUsage().maxRSS));
    process.exit(0);`;
  const child = spawn(process.execPath, [...heap, "--input-type=module", "-e", script], {
    env: { ...environment, CONTROL_PLANE_CALLS_PER_SECOND: "100000" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text: Buffer) => {
    said += text.toString();
  });
  const began = controlPlane.calls.length;
  const code = await new Promise((done) => child.once("exit", done));
  const calls = controlPlane.calls.slice(began).filter(({ accessKeyId }) => accessKeyId === sweeper.accessKeyId).length;
  const mb = Number(/\d+$/.exec(said)?.[0]) / 1024;
  console.log(`by one sweep: ${usable()} of ${keyCount} keys usable; ${calls} calls; exit code ${String(code)}`);
  console.log(
    `  at most ${mb.toFixed(0)} MB resident, Node included; target ${targetMb} MB ${mb < targetMb ? "reached" : "missed"}`,
  );
  if (usable() !== keyCount || !(mb < targetMb)) process.exitCode = 1;
}
