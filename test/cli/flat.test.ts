import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type FlatRow, flatColumns } from "../../cli/flat/flat-row.ts";
import { writeFlat } from "../../cli/flat/write-flat.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import { type EntryKind, isEntryKind } from "../../lib/domain/ledger/entry.ts";
import { appendLeaf, emptyFrontier, rootOf } from "../../lib/domain/log/frontier.ts";
import { objectName } from "../../lib/domain/log/object-name.ts";
import { verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { root } from "../../scripts/bundle.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { byRule, changeChainAt, changed, left, stopName } from "../doubles/change-chains.ts";
import { entryExamples } from "../doubles/entry-examples.ts";
import { exportFolder, exportLog } from "../doubles/exported-log.ts";
import { keyArn } from "../doubles/key-world.ts";
import { createLogWorld, h0, type LogWorld } from "../doubles/log-world.ts";
import { keepChain, passHours } from "../doubles/logged-cases.ts";
import { ran } from "../doubles/reconciled-world.ts";
import { courseNames, reportedWorld } from "../doubles/reported-world.ts";

const { next, remove } = exportFolder();
afterAll(remove);

async function flatOf(world: LogWorld, source = "here", keyed = true) {
  const folder = next();
  await exportLog(world, folder, { source });
  const out = `${folder}.jsonl`;
  const { verified } = await writeFlat(folder, out, { ...(keyed && { key: world.key }), witnesses: [] });
  const text = readFileSync(out, "utf8");
  return { folder, verified, text, rows: rowsIn(text) };
}
function rowsIn(text: string): readonly FlatRow[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as FlatRow);
}

describe("the lines of an export", () => {
  it("are all lines of the log, each with account, Region, stack, chain, key and time, and add up to its root", async () => {
    const told = courseNames.map((course, n) => ({ n, course, at: h0 + 120_000 + n * 600_000, seenAfterMs: 0 }));
    const { rows, text, verified, folder } = await flatOf(await reportedWorld(told, 8));
    expect(rows).toHaveLength(verified.entries);
    const tree = rows.reduce(
      (before, { leaf_sha256 }) => appendLeaf(before, Buffer.from(String(leaf_sha256), "hex")),
      emptyFrontier,
    );
    expect(rootOf(tree).toString("base64")).toBe(verified.root);
    for (const [n, row] of rows.entries()) {
      expect(Object.keys(row)).toEqual(flatColumns);
      const entry = JSON.parse(String(row["entry"])) as Record<string, unknown>;
      expect(row).toMatchObject({
        ...{ log_index: n, account: "111122223333", region: "us-east-1", stack: "dev", holds: true },
        ...{ chain: entry["chain"], kind: entry["kind"], seq: entry["seq"] },
        time: new Date(Number(entry["at"])).toISOString(),
        head_sha256: createHash("sha256").update(String(row.entry)).digest("hex"),
        leaf_sha256: createHash("sha256").update(`\0${row.entry}`).digest("hex"),
      });
      if (row.chain !== "log") expect(row.key_arn).toBe(String(row.chain).split("#")[0]);
      expect(Date.parse(String(row.logged_at))).toBeGreaterThanOrEqual(Date.parse(String(row.time)));
    }
    const logged = readdirSync(join(folder, "log"))
      .filter((name) => name.endsWith(".jsonl"))
      .flatMap((name) =>
        readFileSync(join(folder, "log", name), "utf8")
          .trimEnd()
          .split("\n")
          .slice(1),
      );
    expect(rows.map(({ entry }) => entry)).toEqual(logged);
    expect(text.endsWith("\n")).toBe(true);
  });

  it("name who acted, the event, the rule, the outcome and the reason", async () => {
    const told = [{ n: 1, course: "destroyed" as const, at: h0 + 120_000, seenAfterMs: 0 }];
    const { rows } = await flatOf(await reportedWorld(told, 5));
    const rowsOf = (kind: EntryKind) => rows.filter((row) => row.kind === kind);
    expect(rowsOf("deletion-detected")[0]).toMatchObject({
      ...{ actor_type: "role-session", event_id: "event-1", source_ip: "203.0.113.64", generation: 1 },
      actor: expect.stringContaining("AWSReservedSSO_PaymentsAdmin"),
    });
    expect(rowsOf("decided")[0]).toMatchObject({ actor: "reprieve", rule: "some-rule", outcome: "ask" });
    expect(rowsOf("vote-cast").map(({ person, outcome, reason }) => [person, outcome, reason])).toEqual([
      ["alice", "refused", "CHG-1"],
      ["bob", "approve", "CHG-1"],
    ]);
    expect(rowsOf("closing")[0]).toMatchObject({ chain: "log", chain_kind: "log", key_arn: null });
  });

  it("name the key of a change in each entry of its chain, also where an alias is its subject", async () => {
    const world = await createLogWorld();
    const alias = { ...stopName, operation: "alias", subject: { kind: "alias", alias: "alias/prod/cvk-1" } } as const;
    for (const name of [stopName, alias])
      keepChain(
        world,
        changeChainAt(world.time.now, name, changed(name, 1, { keyArn: keyArn() }), byRule, left("denied")),
      );
    await passHours(world, 2);
    const { rows } = await flatOf(world);
    const changes = rows.filter((row) => row.chain_kind === "change");
    expect(changes).toHaveLength(6);
    expect(new Set(changes.map((row) => row.key_arn))).toEqual(new Set([keyArn()]));
  });

  it("have a row for each kind of entry, of simple values alone", async () => {
    const world = await createLogWorld();
    const kinds = Object.keys(entryExamples).filter(isEntryKind);
    for (const kind of kinds) {
      const body = entryExamples[kind];
      const chain = append(chainBefore(body), body, world.time.now);
      keepChain(world, chain);
    }
    await passHours(world, 1);
    const { rows } = await flatOf(world);
    for (const row of rows)
      for (const value of Object.values(row))
        expect(value === null || ["string", "number", "boolean"].includes(typeof value)).toBe(true);
  });

  it("keep a line that does not hold, as it is, and say so", async () => {
    const { folder } = await flatOf(
      await reportedWorld([{ n: 1, course: "usable", at: h0 + 120_000, seenAfterMs: 0 }], 2),
    );
    const object = join(folder, objectName(1));
    writeFileSync(object, readFileSync(object, "utf8").replace('"kind":"key-usable"', '"kind":"key-usabel"'));
    const { status, out } = await ran("audit", "flat", folder, "--out", `${folder}-2.jsonl`);
    expect([status, out]).toEqual([1, expect.stringContaining("the export is damaged")]);
    const broken = rowsIn(readFileSync(`${folder}-2.jsonl`, "utf8")).filter((row) => row.holds === false);
    expect(broken).toMatchObject([{ kind: "key-usabel", key_arn: expect.stringContaining("key/case"), actor: null }]);
  });

  it.each<[string, string, boolean, object]>([
    ["the key", "here", true, { account: "111122223333", region: "us-east-1", stack: "dev" }],
    [
      "the source",
      "222233334444 eu-west-1 prod",
      false,
      { account: "222233334444", region: "eu-west-1", stack: "prod" },
    ],
    ["the source and a case", "us-east-1 prod", false, { account: "111122223333", region: "us-east-1", stack: "prod" }],
  ])("name the stack that %s names", async (_, source, keyed, stack) => {
    const told = [{ n: 1, course: "usable" as const, at: h0 + 120_000, seenAfterMs: 0 }];
    const { rows } = await flatOf(await reportedWorld(told, 2), source, keyed);
    for (const row of rows) expect(row).toMatchObject(stack);
  });
});

describe("reprieve audit flat", () => {
  it("overwrites nothing, leaves nothing half done, and has the exit status of the verification", async () => {
    const world = await reportedWorld([{ n: 1, course: "usable", at: h0 + 120_000, seenAfterMs: 0 }], 2);
    const { folder } = await flatOf(world);
    const again = await ran("audit", "flat", folder);
    expect([again.status, again.err]).toEqual([2, expect.stringContaining("exists already")]);
    const out = `${folder}-new.jsonl`;
    const { status, out: printed } = await ran(
      "audit",
      "flat",
      folder,
      "--out",
      out,
      "--key",
      verifierKeyText(world.key),
    );
    expect([status, printed]).toEqual([0, expect.stringMatching(/holds \d+ lines of the log; the export is whole$/)]);
    const none = await ran("audit", "flat", `${folder}-none`, "--out", `${folder}-x.jsonl`);
    expect([none.status, existsSync(`${folder}-x.jsonl`), existsSync(`${folder}-x.jsonl.partial`)]).toEqual([
      2,
      false,
      false,
    ]);
  });
});

describe("the table of docs/evidence/athena.sql", () => {
  it("has the columns of the lines, in their order, each of the type of its values", async () => {
    const sql = readFileSync(resolve(root, "docs/evidence/athena.sql"), "utf8");
    const [, body = ""] = /CREATE EXTERNAL TABLE \w+ \(([^)]*)\)/.exec(sql) ?? [];
    const columns = body.split(",").map((line) => line.trim().replaceAll("`", "").split(/\s+/));
    expect(columns.map(([name]) => name)).toEqual(flatColumns);
    const types: Readonly<Record<string, string>> = {
      bigint: "number",
      int: "number",
      string: "string",
      boolean: "boolean",
    };
    const told = courseNames.map((course, n) => ({ n, course, at: h0 + 120_000 + n * 600_000, seenAfterMs: 0 }));
    const { rows } = await flatOf(await reportedWorld(told, 8));
    for (const row of rows)
      for (const [name = "", type = ""] of columns) {
        const value = (row as Readonly<Record<string, unknown>>)[name];
        if (value !== null) expect([name, typeof value]).toEqual([name, types[type]]);
      }
  });
});
