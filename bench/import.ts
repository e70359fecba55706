/**
 * How long the guard's bundle takes to import in a fresh process, against a bundle of the same SDK clients alone (same versions, same
 * credentials): the floor that no guard on these clients can beat. Both sides in the same run, alternating; medians and spread.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle, bundleFunctions, root } from "../scripts/bundle.ts";

const rounds = 25;
const target = 1.1;

const clients = `
import { PaymentCryptographyClient, GetKeyCommand, RestoreKeyCommand, StartKeyUsageCommand, ListTagsForResourceCommand, ListAliasesCommand } from "@aws-sdk/client-payment-cryptography";
import { DynamoDBClient, GetItemCommand, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { SQSClient, ChangeMessageVisibilityCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
export const clients = [new PaymentCryptographyClient({}), new DynamoDBClient({}), new EventBridgeClient({}), new SQSClient({})];
export const commands = [GetKeyCommand, RestoreKeyCommand, StartKeyUsageCommand, ListTagsForResourceCommand, ListAliasesCommand, GetItemCommand, QueryCommand, UpdateItemCommand, PutEventsCommand, ChangeMessageVisibilityCommand, SendMessageCommand];
`;

/** The environment that the template gives the guard, as far as its import reads it. */
const environment = {
  AWS_REGION: "us-east-1",
  AWS_LAMBDA_FUNCTION_NAME: "guard",
  STAGE: "bench",
  ACCOUNT_ID: "111122223333",
  CASES_TABLE: "cases",
  EVENT_BUS_NAME: "bus",
  GUARD_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111122223333/guard",
  DEAD_LETTER_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/111122223333/dead",
  MAX_RECEIVE_COUNT: "100",
  CONTROL_PLANE_CALLS_PER_SECOND: "1.5",
  POWERTOOLS_SERVICE_NAME: "guard",
  POWERTOOLS_METRICS_NAMESPACE: "Reprieve",
};

function importMs(file: string): number {
  const code = `const t = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - t);`;
  const child = spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
    env: environment,
    encoding: "utf8",
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return Number(child.stdout);
}

function spread(values: readonly number[]): { median: number; low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
  return { median: at(0.5), low: at(0.1), high: at(0.9) };
}

const dir = mkdtempSync(join(root, ".bench-"));
try {
  const entry = join(dir, "clients.ts");
  writeFileSync(entry, clients);
  const floorFolder = join(dir, "clients");
  await bundle(entry, floorFolder);
  const { guard: guardFolder } = await bundleFunctions(resolve(root, "policy/policy.yaml"), dir);
  const times: { floor: number[]; guard: number[] } = { floor: [], guard: [] };
  for (let round = 0; round < rounds; round++) {
    times.floor.push(importMs(join(floorFolder, "index.mjs")));
    times.guard.push(importMs(join(guardFolder, "index.mjs")));
  }
  const [floor, guard] = [spread(times.floor), spread(times.guard)];
  const size = (folder: string) =>
    readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  const row = (name: string, folder: string, { median, low, high }: ReturnType<typeof spread>) =>
    console.log(
      `${name.padEnd(24)} ${(size(folder) / 1000).toFixed(0).padStart(5)} KB ${median.toFixed(1).padStart(7)} ms  (${low.toFixed(1)} to ${high.toFixed(1)})`,
    );
  row("same SDK clients alone", floorFolder, floor);
  row("guard", guardFolder, guard);
  const ratio = guard.median / floor.median;
  console.log(
    `ratio ${ratio.toFixed(3)}, target at most ${target.toFixed(2)}: ${ratio <= target ? "reached" : "NOT reached"}`,
  );
} finally {
  rmSync(dir, { recursive: true });
}
