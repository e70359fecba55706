import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteKeyCommand,
  PaymentCryptographyClient,
  RestoreKeyCommand,
  StopKeyUsageCommand,
} from "@aws-sdk/client-payment-cryptography";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportTrail } from "../../cli/trail/export-trail.ts";
import { readLogFiles } from "../../cli/trail/log-source.ts";
import { readTrails } from "../../cli/trail/trail-source.ts";
import { verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { mallory, region } from "../../local/world/people.ts";
import { logKeyOf } from "../../local/world/signing-key.ts";
import { startWorld } from "../../local/world/start-world.ts";
import type { World } from "../../local/world/world.ts";
import { createTrailKey, TrailFiles } from "../doubles/cloudtrail-files.ts";
import { packaged } from "../doubles/packaged.ts";
import { ran, resultIn } from "../doubles/reconciled-world.ts";

const hour = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), "reprieve-reconciled-world-"));
const records: { readonly eventTime: string; readonly eventName: string }[] = [];
let world: World;
let client: PaymentCryptographyClient;

beforeAll(async () => {
  const { templateFile, bundles } = await packaged("local");
  world = await startWorld({ templateFile, bundles, port: 0, slackTimeoutMs: 120_000 });
  const keep = world.history.keep.bind(world.history);
  // What CloudTrail delivers to S3 is what its event history keeps.
  world.history.keep = (envelope) => {
    records.push((envelope as { detail: (typeof records)[number] }).detail);
    keep(envelope);
  };
  const credentials = { accessKeyId: mallory.accessKeyId, secretAccessKey: "local" };
  client = new PaymentCryptographyClient({ endpoint: world.endpoint, region, credentials });
});
afterAll(async () => {
  client.destroy();
  await world.stop();
  rmSync(folder, { recursive: true });
});

/** An hour passes, and the sweep closes it. */
async function passHour() {
  world.clock.jump(hour);
  await world.sweep();
  await world.settle();
}

const dateOf = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

describe("the packaged stack", () => {
  it("reconciles completely with what CloudTrail recorded of it", async () => {
    const { controlPlane, clock, endpoint, tableName } = world;
    clock.jump(hour - (clock.now() % hour) + 1_000);
    await world.sweep();
    const from = clock.now() + 1_000 - ((clock.now() + 1_000) % 1_000);
    clock.jump(120_000);
    const arns = [controlPlane.seed(), controlPlane.seed(), controlPlane.seed()];
    for (const arn of arns) await client.send(new DeleteKeyCommand({ KeyIdentifier: arn, DeleteKeyInDays: 7 }));
    await world.settle();
    const missing = (arns[0] ?? "").replace(/key\/.*/, "key/missing000000000");
    await expect(client.send(new DeleteKeyCommand({ KeyIdentifier: missing }))).rejects.toThrow();
    await world.settle();
    await expect(client.send(new RestoreKeyCommand({ KeyIdentifier: arns[0] ?? "" }))).rejects.toThrow();
    await client.send(new StopKeyUsageCommand({ KeyIdentifier: arns[1] ?? "" }));
    await world.settle();
    const to = from + hour;
    // The hour of the calls, one in which they may come late, and one more that the log has to know.
    for (let n = 0; n < 3; n++) await passHour();
    const out = join(folder, "export");
    const stack = { stage: "dev", region, endpoint };
    const table = readTrails({ table: tableName, region, endpoint });
    await exportTrail(readLogFiles(stack), table, { out, source: "e2e", now: clock.now(), progress: () => {} });

    const key = createTrailKey(from - 24 * hour, to + 24 * hour);
    const files = new TrailFiles(key);
    const first = from - (from % hour);
    for (let start = first - hour; start <= to + hour; start += hour)
      files.hour(
        start,
        records.filter(({ eventTime }) => Math.floor(Date.parse(eventTime) / hour) * hour === start),
      );
    const paths = files.write(join(folder, "trail"), [key.listed]);
    const trail = ["--cloudtrail", paths.logs, "--digests", paths.digests, "--public-keys", paths.keys];
    const expected = ["--key", verifierKeyText(logKeyOf(world)), "--from", dateOf(from), "--to", dateOf(to)];
    const answer = await ran("audit", "reconcile", out, ...trail, ...expected, "--json");
    expect(answer.err).toBe("");
    expect(resultIn(answer)).toMatchObject({
      ...{ verdict: "complete", export: "whole", stack: "dev", account: world.place.account, unread: [] },
      population: { events: 3, matched: 3, unmatched: [] },
      changes: { events: 1, matched: 1, unmatched: [] },
      failedCalls: { calls: 1, recorded: 1, counted: 0 },
      ...{ differences: [], coverage: { gaps: [] } },
    });
    expect(answer.status).toBe(0);
    expect(records.filter(({ eventName }) => eventName === "RestoreKey").length).toBeGreaterThan(3);
  });
});
