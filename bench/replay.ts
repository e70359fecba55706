/**
 * How long `policy replay` takes for a gigabyte of CloudTrail logs (one record in a hundred a DeleteKey), against gunzip and JSON.parse of the
 * same files alone, in one run; and how much memory. `--mb N` for another size, unpacked.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Machine } from "../cli/machine.ts";
import { replaying } from "../cli/policy/replay/run-replay.ts";
import { root } from "../scripts/bundle.ts";
import { compareWithFloor, tell } from "./against-floor.ts";

const target = 1.3;
const targetMb = 250;

const {
  mb = "1000",
  folder,
  only,
} = parseArgs({
  options: { mb: { type: "string" }, folder: { type: "string" }, only: { type: "string" } },
}).values;

if (only === "replay") await replayed(folder ?? "");
else if (only === "floor") floor(folder ?? "");
else compare();

function compare(): void {
  const logs = mkdtempSync(join(tmpdir(), "reprieve-logs-"));
  const { files, records, bytes } = generate(logs, Number(mb) * 1e6);
  console.log(`${files} files, ${records} records, ${(bytes / 1e6).toFixed(0)} MB unpacked`);
  compareWithFloor({
    script: import.meta.filename,
    folder: logs,
    way: "replay",
    floorText: "gunzip and parse",
    target,
    targetMb,
  });
  rmSync(logs, { recursive: true });
}

/** Files as CloudTrail delivers them to S3: a day a folder, some megabytes each. */
function generate(logs: string, bytes: number) {
  const { detail: deletion } = JSON.parse(readFileSync(resolve(root, "events/delete-key-sso.json"), "utf8"));
  const { detail: creation } = JSON.parse(readFileSync(resolve(root, "events/create-key.json"), "utf8"));
  let [made, files, records] = [0, 0, 0];
  while (made < bytes) {
    const day = join(logs, `2026/01/${String(1 + (files % 28)).padStart(2, "0")}`);
    mkdirSync(day, { recursive: true });
    const Records = Array.from({ length: 2_000 }, (_, n) => {
      const eventID = `${String(files).padStart(8, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;
      return n % 100 === 0 ? { ...deletion, eventID } : { ...creation, eventID, eventName: "GetKey" };
    });
    const text = JSON.stringify({ Records });
    writeFileSync(join(day, `${files}.json.gz`), gzipSync(text, { level: 1 }));
    made += Buffer.byteLength(text);
    files += 1;
    records += Records.length;
  }
  return { files, records, bytes: made };
}

async function replayed(logs: string): Promise<void> {
  const began = performance.now();
  const machine: Partial<Machine> = { colours: false, print: () => {}, complain: () => {}, progress: () => {} };
  const options = { policy: resolve(root, "policy/policy.yaml"), format: "text" };
  await replaying([logs], options, machine as Machine);
  tell(began);
}

function floor(logs: string): void {
  const began = performance.now();
  for (const name of readdirSync(logs, { recursive: true, encoding: "utf8" }))
    if (name.endsWith(".gz")) JSON.parse(gunzipSync(readFileSync(join(logs, name))).toString("utf8"));
  tell(began);
}
