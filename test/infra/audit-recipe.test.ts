import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { append } from "../../lib/domain/ledger/chain.ts";
import { objectName } from "../../lib/domain/log/object-name.ts";
import { verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { root } from "../../scripts/bundle.ts";
import { detection, toRestore } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { exportFolder, exportLog } from "../doubles/exported-log.ts";
import { createLogWorld, h0, type LogWorld } from "../doubles/log-world.ts";
import { caseName, keepChain, loggedHours } from "../doubles/logged-cases.ts";

const { next, remove } = exportFolder();
afterAll(remove);

const page = readFileSync(join(root, "docs/audit-trail.md"), "utf8");
const [, recipe = ""] = /<!-- recipe -->\n```sh\n([\s\S]*?)```/.exec(page) ?? [];

/** Runs the recipe of the page in the folder of an export; its own files lie beside the export. */
function byHand(world: LogWorld, folder: string): string {
  const script = recipe.replaceAll("/tmp/", `${folder}/../`);
  const env = { ...process.env, vkey: verifierKeyText(world.key) };
  const run = () =>
    execFileSync("bash", ["-c", `${script}\ntrue`], { cwd: folder, env, encoding: "utf8", stdio: "pipe" });
  return run().trim();
}

describe("the recipe of docs/audit-trail.md", () => {
  it("shows that a log is whole, and every kind of change of it", async () => {
    const world = await loggedHours(3);
    const out = next();
    await exportLog(world, out);
    expect(byHand(world, out).split("\n")).toEqual(["root holds", "Signature Verified Successfully"]);
    const object = join(out, objectName(2));
    const text = readFileSync(object, "utf8");
    writeFileSync(object, text.replace("CONTROL_PLANE", "CONTROL_PLANT"));
    expect(byHand(world, out).split("\n")).toEqual([
      ...["log/0000000003.jsonl does not follow", "another root", "Signature Verified Successfully"],
    ]);
    writeFileSync(object, text);
    expect(byHand(await loggedHours(1), out)).toContain("Signature Verification Failure");
  }, 60_000);

  it("takes every entry for one, whatever the tags of its key spell", async () => {
    const world = await createLogWorld();
    const first = detection({ case: caseName(1) });
    const tags = { count: 1, sha256: "0".repeat(64), listed: { format: "reprieve-log" } };
    const chain = append(append(chainBefore(first), first, h0), { ...toRestore, tags }, h0);
    keepChain(world, chain);
    await world.newSequencer().sequence([]);
    const out = next();
    await exportLog(world, out);
    expect(readFileSync(join(out, objectName(1)), "utf8").match(/"format":"reprieve-log"/g)).toHaveLength(2);
    expect(byHand(world, out).split("\n")).toEqual(["root holds", "Signature Verified Successfully"]);
  }, 60_000);

  it("says that a checkpoint is of another log", async () => {
    const world = await loggedHours(1);
    const out = next();
    await exportLog(world, out);
    const key = { ...world.key, name: `${world.key.name}2` };
    expect(byHand({ ...world, key }, out)).toContain("another log");
  }, 60_000);
});
