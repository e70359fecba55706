/**
 * Runs the packaged guard once with a file of events/, against a local world in which the key of the sample events has just been
 * scheduled for deletion. `osls invoke local` cannot: it resolves the environment from a deployed stack.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pc from "picocolors";
import { recordSentence } from "../lib/notices/entry-sentence.ts";
import { root } from "../scripts/bundle.ts";
import { packageStack } from "../scripts/package.ts";
import { readCases } from "./world/case-reader.ts";
import { callerOf, mallory } from "./world/people.ts";
import { localSettings } from "./world/settings.ts";
import { startWorld } from "./world/start-world.ts";

const usage = "usage: npm run invoke -- events/FILE.json   (an EventBridge envelope, or an SQS batch of them)";

/** The moment of the deletion in the sample events. */
const sampleTime = Date.UTC(2024, 4, 27, 19, 49, 54);

const [file, ...rest] = process.argv.slice(2);
const envelopes = file === undefined || rest.length > 0 ? undefined : readEnvelopes(file);
if (envelopes === undefined) {
  console.error(usage);
  process.exitCode = 2;
} else {
  await invoke(envelopes);
}

function readEnvelopes(path: string): string[] | undefined {
  try {
    const value = JSON.parse(readFileSync(path, "utf8")) as { Records?: { body: string }[] };
    return value.Records?.map(({ body }) => body) ?? [JSON.stringify(value)];
  } catch (error) {
    console.error(`${path}: ${error instanceof SyntaxError ? "is not JSON" : "cannot be read"}`);
    return undefined;
  }
}

async function invoke(bodies: readonly string[]): Promise<void> {
  const outDir = mkdtempSync(join(tmpdir(), "reprieve-invoke-"));
  const packaged = await packageStack({
    policyFile: resolve(root, "local/policy.yaml"),
    stage: "dev",
    settings: localSettings,
    outDir,
  });
  const world = await startWorld({ ...packaged, port: 0 });
  try {
    world.clock.jump(sampleTime - world.clock.now());
    world.bus.delivery = () => [];
    const arn = world.controlPlane.seed({ keyId: "kwapwa6qaifllw2h", alias: "alias/BIN_12345_CVK" });
    world.controlPlane.handle(
      "DeleteKey",
      { KeyIdentifier: arn, DeleteKeyInDays: 3 },
      callerOf(mallory.accessKeyId, "invoke"),
    );
    for (const body of bodies) world.queues.guard.send(body);
    await world.settle();
    for (const line of world.log) console.log(line);
    for (const { reading } of await readCases(world, arn))
      if (reading.ok) for (const entry of reading.chain.entries) console.log(`  ${recordSentence(entry, pc)}`);
    for (const { attributes } of world.queues.deadLetters.messages)
      console.log(`dead-letter queue: ${attributes["errorCode"]?.StringValue}`);
  } finally {
    await world.stop();
    rmSync(outDir, { recursive: true });
  }
}
