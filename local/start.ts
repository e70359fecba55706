import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { PortInUseError, requireFree } from "../cli/loopback/server.ts";
import { removedAfter } from "../cli/shell/half-done.ts";
import { columnsOf, wrapped } from "../cli/shell/wrap.ts";
import { announceWorld } from "../cli/stack/local-world.ts";
import { verifierKeyText } from "../lib/domain/log/verifier-key.ts";
import { quoted } from "../lib/domain/printable-text.ts";
import { bundleFunctions, PolicyFileError, readPolicyFile, root } from "../scripts/bundle.ts";
import { OptionError, optionsOrUsage } from "../scripts/options.ts";
import { packageStack } from "../scripts/package.ts";
import { serviceCallsPerSecond } from "./aws/payment-cryptography/control-plane.ts";
import { startConsole } from "./console/console.ts";
import { scenarios } from "./stories/demo/scenarios.ts";
import { endings, keyHelp, untilTheyQuit } from "./terminal/keyboard.ts";
import { narrate, showKeys } from "./terminal/narration.ts";
import { rememberLabels } from "./world/label-past.ts";
import { alice, bob, mallory, reaper, region, you } from "./world/people.ts";
import { seedKeys } from "./world/seed-keys.ts";
import { localSettings } from "./world/settings.ts";
import { logKeyOf } from "./world/signing-key.ts";
import { startWorld } from "./world/start-world.ts";
import { rememberStates } from "./world/state-past.ts";
import type { World } from "./world/world.ts";

const defaultPort = 4700;
/** How long (ms) the page that starts the world again has for its answer. */
const answerMs = 200;
const usage = `usage: npm start [-- --port N] [-- --policy FILE]

  --port N        port of the AWS endpoint on this machine; the one after it is the console's, and the next Slack's
                  (default: ${defaultPort}; 0 takes any free ones)
  --policy FILE   the policy to run with, and to watch: save it, and the guard runs it (default: local/policy.yaml)`;

const observing =
  "! the policy observes: deleted keys are NOT restored, only recorded. With `mode: enforce` in the file they come back.";

const options = optionsOrUsage(usage, readOptions);
await run(options).catch((error: unknown) => {
  if (error instanceof PortInUseError)
    console.error(`${pc.red(error.message)}; choose another: npm start -- --port ${options.port + 3}`);
  else if (error instanceof PolicyFileError) console.error(`${pc.red("the policy has mistakes:")}\n${error.message}`);
  else if (isUnwritable(error))
    console.error(pc.red(`✗ ${tmpdir()} cannot be written to (${error.code}): name another folder with TMPDIR`));
  else throw error;
  process.exitCode = 1;
});

/** Whether the machine has no room for the world's files. */
function isUnwritable(error: unknown): error is NodeJS.ErrnoException {
  const { code, path } = error as NodeJS.ErrnoException;
  const codes = ["EACCES", "EROFS", "ENOSPC", "ENOENT", "EPERM"];
  return code !== undefined && codes.includes(code) && path?.startsWith(join(tmpdir(), "reprieve-")) === true;
}

function readOptions(): { port: number; policyFile: string } {
  const { values } = parseArgs({ options: { port: { type: "string" }, policy: { type: "string" } } });
  const port = Number(values.port ?? defaultPort);
  // Console and Slack take the ports after it.
  if (!Number.isInteger(port) || port < 0 || port > 65_533)
    throw new OptionError(`expected --port with a number from 0 to 65533, found ${quoted(values.port ?? "")}`);
  return { port, policyFile: values.policy ?? resolve(root, "local/policy.yaml") };
}

async function run({ port, policyFile }: { port: number; policyFile: string }): Promise<void> {
  const began = performance.now();
  for (const taken of port === 0 ? [] : [port, port + 1, port + 2]) await requireFree(taken);
  const outDir = await mkdtemp(join(tmpdir(), "reprieve-"));
  // Until there is a world that could end in order.
  const leave = () => process.exit(130);
  for (const signal of endings) process.once(signal, leave);
  await removedAfter(outDir, async () => {
    const { templateFile, bundles } = await packageStack({
      policyFile,
      stage: "dev",
      settings: localSettings,
      outDir,
    });
    const slackPort = port === 0 ? 0 : port + 2;
    const packaged = { templateFile, bundles, schedules: true };
    let running = await startAt(packaged, port, slackPort);
    const deploy = async () =>
      running.deploy(await bundleFunctions(policyFile, await mkdtemp(join(outDir, "policy-"))));
    const broken = Promise.withResolvers<never>();
    const show = async (at: number) =>
      await startConsole(running, {
        port: at,
        policyFile,
        deploy,
        scenarios,
        reset: () => void setTimeout(() => void again().catch(broken.reject), answerMs),
      });
    let shown = await show(port === 0 ? 0 : port + 1);
    let isStarting = false;
    /** Ends the world, and starts another one at the same addresses. */
    const again = async () => {
      if (isStarting) return;
      isStarting = true;
      const [endpoint, slack, page] = [running.endpoint, running.slackUrl, shown.url].map((url) =>
        Number(new URL(url).port),
      );
      await shown.close();
      await running.stop();
      running = await startAt(packaged, endpoint ?? 0, slack ?? 0);
      // The file may have changed since; one with faults leaves the policy of the start.
      await deploy().catch(() => {});
      shown = await show(page ?? 0);
      isStarting = false;
      narrate(running);
      console.log(pc.dim("the world was started again: every key is as it was at first"));
    };
    const withdraw = announceWorld(running.endpoint, Date.now());
    // INVARIANT: a listener for each signal is registered at every moment. A signal that arrives without one is lost, and the process never ends.
    const quitting = untilTheyQuit(() => running);
    for (const signal of endings) process.off(signal, leave);
    introduce(running, shown.url, performance.now() - began);
    if (readPolicyFile(policyFile).mode === "observe") console.log(pc.yellow(observing));
    narrate(running);
    await Promise.race([quitting, broken.promise]);
    withdraw();
    await shown.close();
    await running.stop();
  });
}

async function startAt(packaged: Omit<Parameters<typeof startWorld>[0], "port">, port: number, slackPort: number) {
  const world = await startWorld({ ...packaged, port, slackPort });
  seedKeys(world.controlPlane, world.clock.now());
  await rememberLabels(world);
  await rememberStates(world);
  world.controlPlane.limitTo(serviceCallsPerSecond);
  return world;
}

function introduce(world: World, consoleUrl: string, ms: number): void {
  const [example] = world.controlPlane.keys();
  const columns = columnsOf();
  const print = (text: string) => console.log(wrapped(text, columns));
  print(`
${pc.bold("reprieve")} guards the payment keys of account 111122223333 in us-east-1, on this machine ${pc.dim(`(ready in ${(ms / 1000).toFixed(1)} s)`)}

  console   ${pc.cyan(consoleUrl)}   open it: keys, cases, people and Slack, the policy and its decisions, live
  endpoint  ${pc.cyan(world.endpoint)}   payment-cryptography and whatever else the stack uses, for any AWS SDK or CLI
  log key   ${pc.cyan(verifierKeyText(logKeyOf(world)))}   for reprieve audit verify --key
`);
  showKeys(world);
  console.log(`
Delete one, and see it come back:

  ${pc.cyan(`AWS_ACCESS_KEY_ID=${mallory.accessKeyId} AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=${region} \\
    aws --endpoint-url ${world.endpoint} payment-cryptography delete-key --key-identifier ${example?.aliases[0] ?? ""}`)}

`);
  print(`  The access key says who you are: ${mallory.accessKeyId} is mallory, ${reaper.accessKeyId} the key reaper, ${alice.accessKeyId} alice, any other one ${you.name}. Key states: the same command with get-key, or list-keys.

Or delete alias/prod/pin-encryption as alice: it comes back, and the custodians are asked in Slack (on the console's page). When bob and carol have approved there, she has a permit: deleted once more, the key goes. Without Slack, with an access key of bob's or carol's:
`);
  console.log(`  ${pc.cyan(`AWS_ACCESS_KEY_ID=${bob.accessKeyId} AWS_SECRET_ACCESS_KEY=local \\
    npx --no -- reprieve keep alias/prod/pin-encryption --reason "still in use" --local`)}
`);
  console.log(wrapped(process.stdin.isTTY ? keyHelp : "No terminal: keys to press are off. SIGTERM ends it.", columns));
}
