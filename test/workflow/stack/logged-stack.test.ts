import { afterAll, describe, expect, it } from "vitest";
import { canonicalJson, sha256Hex } from "../../../lib/domain/ledger/canonical-json.ts";
import { recordExport } from "../../../lib/workflows/approve/record-export.ts";
import { recordAlarm } from "../../../lib/workflows/stack/record-alarm.ts";
import { recordRefusedCall } from "../../../lib/workflows/stack/record-refused-call.ts";
import { createStackRecords } from "../../../lib/workflows/stack/stack-records.ts";
import { directoryOf } from "../../doubles/directory.ts";
import { exportFolder, exportLog, namesOf, verifyLog } from "../../doubles/exported-log.ts";
import { keyArn } from "../../doubles/key-world.ts";
import { createLogWorld, hour } from "../../doubles/log-world.ts";
import { attempt } from "../../doubles/refused-calls.ts";
import { createMemoryStackBook } from "../../doubles/stack-records.ts";

const { next, remove } = exportFolder();
afterAll(remove);

const text = canonicalJson({ default: "restore" });
const key = { arn: keyArn(), alive: true, pending: false, enabled: true };
const digests = { digest: "e".repeat(64), objects: 1, entries: 1, reason: "audit export" };
const bob = { via: "aws", arn: "arn:aws:iam::111122223333:user/bob", userId: "AIDABOB" } as const;

/** A log in which every kind of chain of the stack has grown over two hours. */
async function loggedStack() {
  const world = await createLogWorld();
  const book = createMemoryStackBook();
  const clock = () => world.time.now;
  const log = () => {};
  const policy = { policyHash: sha256Hex(text), mode: "enforce", guardVersion: "0.1.0", text } as const;
  const records = createStackRecords({ book, calls: book, policies: book.policies, policy, clock, log });
  const { sequence } = world.newSequencer();
  const close = async () => {
    for (const [name, { texts }] of book.chains) world.table.set(name, texts);
    await sequence([]);
  };
  for (let n = 0; n < 22; n++) await recordRefusedCall({ calls: book, clock }, attempt(n, { at: world.time.now }));
  await records.recordHourly();
  await records.recordKeys([key], [], world.time.now);
  const before = { state: "OK" } as const;
  const alarm = { alarm: "reprieve-dev-sweep-missing", changedAt: world.time.now, reason: "r" };
  await recordAlarm({ book, log, clock }, { ...alarm, state: "ALARM", before });
  await close();
  world.time.now += hour;
  await records.recordHourly();
  await recordAlarm({ book, log, clock }, { ...alarm, state: "OK", before: { state: "ALARM" } });
  await recordExport({ book, directory: directoryOf(), clock }, bob, digests, { requestId: "a".repeat(64) });
  await close();
  world.time.now += 60_000;
  return { world, book };
}

describe("the log of a stack that records itself", () => {
  it("holds every entry of it, and is whole and anchored", async () => {
    const { world, book } = await loggedStack();
    const out = next();
    const exported = await exportLog(world, out);
    const kinds = new Set([...book.chains.values()].flatMap(({ entries }) => entries.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual([
      ...["alarm-began", "alarm-ended", "call-refused", "calls-not-recorded", "keys-listed", "policy-in-force"],
      "trail-exported",
    ]);
    expect(exported).toMatchObject({ unlogged: 0, chains: book.chains.size + 1 });
    const seen = new Set<string>();
    const verified = await verifyLog(world, out, { onEntry: ({ kind }) => void seen.add(kind) });
    expect([verified.verdict, ...namesOf(verified)]).toEqual(["whole"]);
    expect([...kinds].filter((kind) => !seen.has(kind))).toEqual([]);
  });

  it.each(["calls#", "policy#", "keys#", "control#", "access#"])(
    "contradicts a table in which a chain %s was changed or taken away",
    async (prefix) => {
      const { world, book } = await loggedStack();
      const name = [...book.chains.keys()].find((each) => each.startsWith(prefix)) ?? "";
      const [first = ""] = world.table.get(name) ?? [];
      for (const texts of [[first.replace('"at":', '"at":1')], []]) {
        world.table.set(name, texts);
        const out = next();
        await exportLog(world, out);
        expect(namesOf(await verifyLog(world, out))).toContain("trail-differs");
      }
    },
  );
});
