import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { emitKeypressEvents } from "node:readline";
import { parseArgs } from "node:util";
import { DeleteKeyCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import pc from "picocolors";
import type { Entry } from "../lib/domain/entry.ts";
import { printableText } from "../lib/domain/printable-text.ts";
import { PolicyFileError, root } from "../scripts/bundle.ts";
import { packageStack } from "../scripts/package.ts";
import { PortInUseError } from "./hub.ts";
import { mallory, type Person, reaper, region, you } from "./people.ts";
import { seedKeys } from "./seed-keys.ts";
import { sentenceOf } from "./terminal/sentences.ts";
import { startWorld, type World } from "./world.ts";

const defaultPort = 4700;
const usage = `usage: npm start [-- --port N] [-- --policy FILE]

  --port N        port of the AWS endpoint on this machine (default: ${defaultPort}; 0 takes any free one)
  --policy FILE   the policy to run with (default: local/policy.yaml)`;

const keyHelp = `  ${pc.bold("d")} delete a production key as mallory   ${pc.bold("t")} delete a test key as the key reaper   ${pc.bold("k")} keys   ${pc.bold("j")} jump a day ahead   ${pc.bold("?")} help   ${pc.bold("q")} quit`;

const options = readOptions();
if (options === undefined) {
  console.error(usage);
  process.exitCode = 2;
} else {
  await run(options).catch((error: unknown) => {
    if (error instanceof PortInUseError)
      console.error(`${pc.red(error.message)}; choose another: npm start -- --port ${options.port + 1}`);
    else if (error instanceof PolicyFileError) console.error(`${pc.red("the policy has mistakes:")}\n${error.message}`);
    else throw error;
    process.exitCode = 1;
  });
}

function readOptions(): { port: number; policyFile: string } | undefined {
  try {
    const { values } = parseArgs({ options: { port: { type: "string" }, policy: { type: "string" } } });
    const port = Number(values.port ?? defaultPort);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return undefined;
    return { port, policyFile: values.policy ?? resolve(root, "local/policy.yaml") };
  } catch {
    return undefined;
  }
}

async function run({ port, policyFile }: { port: number; policyFile: string }): Promise<void> {
  const began = performance.now();
  const outDir = await mkdtemp(join(tmpdir(), "reprieve-"));
  const remove = () => rmSync(outDir, { recursive: true, force: true });
  try {
    const { templateFile, bundles } = await packageStack({ policyFile, stage: "dev", outDir });
    const world = await startWorld({ templateFile, bundles, port });
    seedKeys(world.controlPlane, world.clock.now());
    introduce(world, performance.now() - began);
    narrate(world);
    await untilTheyQuit(world);
    await world.stop();
  } finally {
    remove();
  }
}

function introduce(world: World, ms: number): void {
  const [example] = world.controlPlane.keys();
  console.log(`
${pc.bold("reprieve")} guards the payment keys of account 111122223333 in us-east-1, on this machine ${pc.dim(`(ready in ${(ms / 1000).toFixed(1)} s)`)}

  endpoint  ${pc.cyan(world.endpoint)}   payment-cryptography, dynamodb, events and sqs, for any AWS SDK or CLI
`);
  showKeys(world);
  console.log(`
Delete one, and see it come back:

  ${pc.cyan(`AWS_ACCESS_KEY_ID=${mallory.accessKeyId} AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=${region} \\
    aws --endpoint-url ${world.endpoint} payment-cryptography delete-key --key-identifier ${example?.aliases[0] ?? ""}`)}

  The access key says who you are: ${mallory.accessKeyId} is mallory, ${reaper.accessKeyId} the key reaper,
  any other one is ${you.name}. Key states: the same command with get-key, or list-keys.
`);
  if (process.stdin.isTTY) console.log(keyHelp);
}

function showKeys(world: World): void {
  for (const { KeyArn, KeyAttributes, KeyState, Enabled, aliases } of world.controlPlane.keys()) {
    const state =
      KeyState === "CREATE_COMPLETE" ? (Enabled ? pc.green("enabled") : pc.yellow("disabled")) : pc.red(KeyState);
    const name = printableText(aliases[0] ?? KeyArn, 60).padEnd(28);
    console.log(`  ${name} ${printableText(KeyAttributes.KeyUsage, 60).padEnd(36)} ${state}`);
  }
}

/** Tells what happens as it happens, from the bus: what the guard published, not what this program thinks it did. */
function narrate(world: World): void {
  const nameOfKey = (arn: string) => {
    const key = world.controlPlane.keys().find(({ KeyArn }) => KeyArn === arn);
    return printableText(key?.aliases[0] ?? arn, 60);
  };
  world.bus.observe("default", (envelope) => {
    const { detail } = envelope as { detail: { eventName?: string; errorCode?: string; userAgent?: string } };
    if (detail.eventName === "DeleteKey")
      say(
        world,
        "DeleteKey",
        detail.errorCode === undefined
          ? "seen on the default bus"
          : pc.dim(`failed: ${printableText(detail.errorCode)}`),
      );
  });
  world.bus.observe(world.busName, (envelope) => {
    const { detail, ...event } = envelope as {
      detail: { case: { keyArn: string }; entry: Entry };
      "detail-type"?: string;
    };
    const unrecorded = String(event["detail-type"]).startsWith("unrecorded-") ? pc.red(" (not recorded yet)") : "";
    say(world, nameOfKey(detail.case.keyArn), `${sentenceOf(detail.entry)}${unrecorded}`);
  });
}

function say(world: World, who: string, what: string): void {
  const time = new Date(world.clock.now()).toISOString().slice(11, 19);
  console.log(`${pc.dim(time)}  ${who.padEnd(28)} ${what}`);
}

async function untilTheyQuit(world: World): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    if (!process.stdin.isTTY) return;
    emitKeypressEvents(process.stdin);
    process.stdin.setRawMode(true);
    process.stdin.on(
      "keypress",
      (_text: string | undefined, key: { name?: string; ctrl?: boolean; sequence?: string }) => {
        if (key.name === "q" || (key.ctrl && key.name === "c")) resolve();
        else void press(world, key.name ?? key.sequence ?? "");
      },
    );
  });
  if (process.stdin.isTTY) process.stdin.setRawMode(false).pause();
}

async function press(world: World, key: string): Promise<void> {
  switch (key) {
    case "d":
      return await deleteNext(world, mallory, "alias/prod/", 3);
    case "t":
      return await deleteNext(world, reaper, "alias/test/", 7);
    case "k":
      return showKeys(world);
    case "j":
      world.clock.jump(86_400_000);
      world.controlPlane.tick();
      return say(world, "clock", `a day later: ${new Date(world.clock.now()).toISOString().slice(0, 10)}`);
    default:
      return console.log(keyHelp);
  }
}

let turns = 0;

/** Deletes one key after another of those whose alias begins with `prefix`, over HTTP like anybody else. */
async function deleteNext(world: World, person: Person, prefix: string, days: number): Promise<void> {
  const live = world.controlPlane
    .keys()
    .filter(
      ({ KeyState, aliases }) => KeyState === "CREATE_COMPLETE" && aliases.some((alias) => alias.startsWith(prefix)),
    );
  const key = live[turns % Math.max(1, live.length)];
  if (key === undefined) return say(world, person.name, "finds no key to delete");
  turns += 1;
  say(world, person.name, `deletes ${printableText(key.aliases[0] ?? key.KeyArn, 60)} with ${days} days' notice`);
  const client = new PaymentCryptographyClient({
    endpoint: world.endpoint,
    region,
    credentials: { accessKeyId: person.accessKeyId, secretAccessKey: "local" },
  });
  await client
    .send(new DeleteKeyCommand({ KeyIdentifier: key.KeyArn, DeleteKeyInDays: days }))
    .catch((error: unknown) => {
      say(
        world,
        person.name,
        pc.red(error instanceof Error ? printableText(`${error.name}: ${error.message}`) : "failed"),
      );
    });
  client.destroy();
}
