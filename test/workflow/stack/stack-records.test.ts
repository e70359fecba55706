import { describe, expect, it } from "vitest";
import { GuardError } from "../../../lib/domain/guard-error.ts";
import { canonicalJson, sha256Hex } from "../../../lib/domain/ledger/canonical-json.ts";
import { dayText } from "../../../lib/domain/ledger/day-name.ts";
import { policyTextIn } from "../../../lib/domain/stack/policy-record.ts";
import type { InventoriedKey } from "../../../lib/workflows/ports/guard.ts";
import { recordAlarm } from "../../../lib/workflows/stack/record-alarm.ts";
import { recordRefusedCall } from "../../../lib/workflows/stack/record-refused-call.ts";
import { createStackRecords } from "../../../lib/workflows/stack/stack-records.ts";
import { keyArn, t0 } from "../../doubles/key-world.ts";
import { attempt } from "../../doubles/refused-calls.ts";
import { createMemoryStackBook } from "../../doubles/stack-records.ts";

const hour = 3_600_000;
const day = 24 * hour;
const text = '{"default":"restore"}';
const inForce = { policyHash: sha256Hex(text), mode: "observe", guardVersion: "0.1.0", text } as const;
const other = { ...inForce, text: '{"default":"ask"}', policyHash: sha256Hex('{"default":"ask"}') };

function setUp(book = createMemoryStackBook()) {
  const time = { now: t0 };
  const clock = () => time.now;
  const logged: string[] = [];
  const log = (code: string) => void logged.push(code);
  /** One execution environment. */
  const environment = (policy: Parameters<typeof createStackRecords>[0]["policy"] = inForce) =>
    createStackRecords({ book, calls: book, policies: book.policies, policy, clock, log });
  const entriesOf = (prefix: string) =>
    [...book.chains].filter(([name]) => name.startsWith(prefix)).flatMap(([, { entries }]) => entries);
  return { book, time, clock, environment, entriesOf, logged };
}

const keys = (count: number, enabled = true): InventoriedKey[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ arn: keyArn(String(n).padStart(16, "0")), alive: true, pending: false, enabled },
    ...{ usage: "TR31_P0_PIN_ENCRYPTION_KEY", keyClass: "SYMMETRIC_KEY", algorithm: "TDES_3KEY", kcv: "A486ED" },
    exportable: false,
  }));
const aliasesOf = (arns: readonly string[]) => arns.map((target, n) => ({ alias: `alias/${n}`, target }));

describe("the policy in force", () => {
  it("is recorded once, by whichever environment runs with it first, and again when it or the version differs", async () => {
    const { environment, entriesOf, time, logged } = setUp();
    await environment().recordHourly();
    await environment().recordHourly();
    await environment(other).recordHourly();
    time.now += hour;
    await environment({ ...other, guardVersion: "0.2.0" }).recordHourly();
    await environment().recordHourly();
    expect(entriesOf("policy#")).toMatchObject([
      { number: 1, policyHash: inForce.policyHash, guardVersion: "0.1.0", at: t0 },
      { number: 2, policyHash: other.policyHash, before: inForce.policyHash },
      { number: 3, policyHash: other.policyHash, guardVersion: "0.2.0", before: other.policyHash },
      { number: 4, policyHash: inForce.policyHash },
    ]);
    expect(logged).toEqual(Array.from({ length: 4 }, () => "POLICY_RECORDED"));
  });

  it("names who deployed it, as the deploy command claims; another one who deploys the same is no news", async () => {
    const { environment, entriesOf } = setUp();
    await environment({ ...inForce, claimedDeployer: "arn:aws:iam::111122223333:user/alice" }).recordHourly();
    await environment({ ...inForce, claimedDeployer: "arn:aws:iam::111122223333:user/bob" }).recordHourly();
    await environment(other).recordHourly();
    const [first, second] = entriesOf("policy#");
    expect(first).toMatchObject({ claimedDeployer: "arn:aws:iam::111122223333:user/alice" });
    expect(second).not.toHaveProperty("claimedDeployer");
  });

  it("is one entry where two environments race", async () => {
    const { environment, entriesOf } = setUp();
    await Promise.all([environment().recordHourly(), environment().recordHourly(), environment().recordHourly()]);
    expect(entriesOf("policy#")).toHaveLength(1);
  });

  it.each([1, 40_000, 120_000])("is kept whole at %s bytes, so that its hash can be computed", async (bytes) => {
    const { environment, book } = setUp();
    const large = canonicalJson({ note: '"\u0001é😀'.repeat(bytes / 11) });
    await environment({ ...inForce, text: large, policyHash: sha256Hex(large) }).recordHourly();
    const [chain] = [...book.chains.values()];
    expect(chain && sha256Hex(policyTextIn(chain) ?? "")).toBe(sha256Hex(large));
    for (const line of chain?.texts ?? []) expect(Buffer.byteLength(line)).toBeLessThan(60_000);
  });

  it("over 250 KB is recorded by its hash alone", async () => {
    const { environment, book } = setUp();
    await environment({ ...inForce, text: "x".repeat(300_000) }).recordHourly();
    const [chain] = [...book.chains.values()];
    expect(chain?.entries).toMatchObject([{ policyHash: inForce.policyHash, pieces: [] }]);
    expect(chain && policyTextIn(chain)).toBeUndefined();
  });

  it("is recorded by the next sweep where the table could not be written", async () => {
    const { book, environment, entriesOf } = setUp();
    const records = environment();
    const { policies } = book;
    const save = policies.save;
    Object.assign(policies, {
      save: async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "")),
    });
    await expect(records.recordHourly()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    Object.assign(policies, { save });
    await records.recordHourly();
    expect(entriesOf("policy#")).toHaveLength(1);
  });
});

describe("a chain that is damaged", () => {
  const isDamaged = (names: readonly string[]) => (name: string) => names.includes(name);

  /** A book that trusts none of `names`, and refuses to write over them. */
  function damagedBook(names: readonly string[]) {
    const book = createMemoryStackBook();
    const { read } = book;
    const check = isDamaged(names);
    return Object.assign(book, {
      read: async (name: Parameters<typeof read>[0]) => {
        if (check(name)) throw new GuardError("CASE_UNREADABLE", "dead-letter", `the chain \`${name}\` is damaged`);
        return await read(name);
      },
    });
  }

  it("keeps no alarm off the record: it goes to the next chain of the day, once", async () => {
    const day1 = dayText(t0);
    const { book, clock } = setUp(damagedBook([`control#${day1}#1`]));
    const deps = { book, clock, log: () => {} };
    const began = { alarm: "a", state: "ALARM", changedAt: t0, reason: "r", before: { state: "OK" } } as const;
    await recordAlarm(deps, began);
    await recordAlarm(deps, began);
    expect([...book.chains].map(([name, { entries }]) => [name, entries.length])).toEqual([[`control#${day1}#2`, 1]]);
  });

  it("keeps no list of keys off the record, neither of its day nor of the next", async () => {
    const { environment, entriesOf } = setUp(damagedBook([`keys#${dayText(t0)}#1`]));
    await environment().recordKeys(keys(3), undefined, t0);
    await environment().recordKeys(keys(3), undefined, t0 + day);
    expect(await environment().hasKeysOf(t0)).toBe(true);
    expect(entriesOf("keys#")).toMatchObject([
      { day: dayText(t0), keys: 3 },
      { day: dayText(t0 + day), keys: 3, sameAs: dayText(t0) },
    ]);
  });

  it("is followed by the next number where it is the newest policy", async () => {
    const { book, environment, entriesOf } = setUp();
    Object.assign(book.policies, {
      latest: async () => {
        const [chain] = book.chains.values();
        return chain === undefined ? { number: 4 } : { number: 5, chain };
      },
    });
    await environment().recordHourly();
    await environment().recordHourly();
    expect(entriesOf("policy#")).toMatchObject([{ number: 5, policyHash: inForce.policyHash }]);
  });
});

describe("failed calls that were only counted", () => {
  it("are recorded after their hour, and what comes later as a further entry: the numbers add up", async () => {
    const { book, environment, entriesOf, time, clock } = setUp();
    const fail = async (from: number, to: number) => {
      for (let n = from; n < to; n++) await recordRefusedCall({ calls: book, clock }, attempt(n));
    };
    await fail(0, 33);
    await environment().recordHourly();
    expect(entriesOf("calls#")).toHaveLength(20);
    time.now += hour;
    await environment().recordHourly();
    await environment().recordHourly();
    await fail(40, 42);
    time.now += 5 * hour;
    await environment().recordHourly();
    const counts = entriesOf("calls#").slice(20);
    expect(counts.map((entry) => entry.kind === "calls-not-recorded" && entry.count)).toEqual([13, 2]);
    expect(entriesOf("policy#")).toHaveLength(1);
  });

  it("are recorded although the policy cannot be", async () => {
    const { book, environment, entriesOf, time, clock } = setUp();
    for (let n = 0; n < 23; n++) await recordRefusedCall({ calls: book, clock }, attempt(n));
    time.now += hour;
    const down = async () => await Promise.reject(new GuardError("STORE_UNAVAILABLE", "retry", "down"));
    Object.assign(book.policies, { latest: down });
    await expect(environment().recordHourly()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(entriesOf("calls#").at(-1)).toMatchObject({ kind: "calls-not-recorded", count: 3 });
  });

  it("asks once an hour in one environment", async () => {
    const { book, environment, time } = setUp();
    const hours: string[] = [];
    const { counted } = book;
    const counting = async (asked: string) => {
      hours.push(asked);
      return await counted(asked);
    };
    Object.assign(book, { counted: counting });
    const records = environment();
    await records.recordHourly();
    await records.recordHourly();
    expect([hours.length, new Set(hours).size]).toEqual([26, 26]);
    time.now += hour;
    await records.recordHourly();
    expect(hours).toHaveLength(52);
  });
});

describe("the list of all keys", () => {
  it("of 2,000 keys is recorded in parts of less than a line of the log each, and adds up", async () => {
    const { book, environment, entriesOf } = setUp();
    const all = keys(2_000);
    const [first = ""] = all.map(({ arn }) => arn);
    await environment().recordKeys(all, aliasesOf([first, first]), t0);
    const parts = entriesOf("keys#").flatMap((entry) => (entry.kind === "keys-listed" ? [entry] : []));
    expect(parts.map(({ part }) => part)).toEqual(parts.map((_, n) => n + 1));
    for (const { parts: count, keys: total } of parts) expect([count, total]).toEqual([parts.length, 2_000]);
    const listed = parts.flatMap((entry) => entry.listed);
    expect(listed).toHaveLength(2_000);
    expect(sha256Hex(canonicalJson(listed))).toBe(parts[0]?.sha256);
    expect(listed.slice(0, 2).map(({ aliases }) => aliases)).toEqual([2, 0]);
    for (const { texts } of book.chains.values()) expect(Buffer.byteLength(texts[0] ?? "")).toBeLessThan(60_000);
    expect(book.chains.size).toBeLessThanOrEqual(9);
  });

  it("is not repeated while it stays the same, but after 30 days", async () => {
    const { environment, entriesOf, time } = setUp();
    for (let n = 0; n <= 31; n++, time.now += day) await environment().recordKeys(keys(3), [], time.now);
    const days = entriesOf("keys#").map((entry) => entry.kind === "keys-listed" && [entry.sameAs, entry.listed.length]);
    const firstDay = new Date(t0).toISOString().slice(0, 10);
    expect(days.slice(0, 3)).toEqual([
      [undefined, 3],
      [firstDay, 0],
      [firstDay, 0],
    ]);
    expect(days.findLastIndex((each) => each !== false && each[1] === 3)).toBeGreaterThanOrEqual(30);
    expect(days.filter((each) => each !== false && each[1] === 3)).toHaveLength(2);
  });

  it("is recorded once a day, and again on the same day only if it differs", async () => {
    const { environment, entriesOf } = setUp();
    await environment().recordKeys(keys(3), undefined, t0);
    await environment().recordKeys(keys(3), undefined, t0);
    expect(entriesOf("keys#")).toHaveLength(1);
    await environment().recordKeys(keys(3, false), undefined, t0);
    expect(entriesOf("keys#")).toHaveLength(2);
  });

  it("that was broken off is missing, and completed by the next attempt", async () => {
    const { book, environment, entriesOf } = setUp();
    const save = book.save;
    let writes = 0;
    const failing = async (change: Parameters<typeof save>[0]) => {
      writes += 1;
      if (writes === 3) throw new GuardError("STORE_UNAVAILABLE", "retry", "down");
      return await save(change);
    };
    Object.assign(book, { save: failing });
    await expect(environment().recordKeys(keys(2_000), [], t0)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(await environment().hasKeysOf(t0)).toBe(false);
    await environment().recordKeys(keys(2_000), [], t0);
    expect(await environment().hasKeysOf(t0)).toBe(true);
    const parts = entriesOf("keys#").map((entry) => entry.kind === "keys-listed" && entry.part);
    expect(parts).toEqual(parts.map((_, n) => n + 1));
    expect(await environment().hasKeysOf(t0 + day)).toBe(false);
  });

  it("that finds no room on its day fails, and does not count as recorded", async () => {
    const { book, environment } = setUp();
    const full = () => Promise.resolve(book.chains.values().next().value);
    await environment().recordKeys(keys(1), [], t0);
    Object.assign(book, { read: full });
    await expect(environment().recordKeys(keys(3), [], t0)).rejects.toMatchObject({ code: "CASE_FULL" });
  });

  it("of no keys is a list, too", async () => {
    const { environment, entriesOf } = setUp();
    await environment().recordKeys([], [], t0);
    expect(entriesOf("keys#")).toMatchObject([{ keys: 0, listed: [] }]);
    expect(await environment().hasKeysOf(t0)).toBe(true);
  });
});
