import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { CliContext } from "../cli/context.ts";
import { replaying } from "../cli/policy/replay/run-replay.ts";
import { root } from "../scripts/bundle.ts";
import { compareWithFloor } from "./against-floor.ts";
import type { Bench } from "./bench.ts";

const recordsPerFile = 2_000;

export const replay: Bench = {
  name: "replay",
  title: "A policy tried on last year's logs",
  about:
    "`reprieve policy replay` of a gigabyte of CloudTrail logs (unpacked; one record in a hundred a DeleteKey), against gunzip and JSON.parse of the same files alone; each in a process of its own.",
  measure: async (effort) => {
    const megabytes = effort.megabytes ?? (effort.quick ? 100 : 1000);
    const folder = mkdtempSync(join(tmpdir(), "reprieve-logs-"));
    try {
      const comparison = { file: import.meta.filename, folder, way: replayed, floor: unpackedAndParsed };
      generate(folder, megabytes * 1e6);
      const name = `replay ${megabytes.toLocaleString("en-US")} MB of logs`;
      const target = { figure: "ratio", atMost: 1.3 } as const;
      const memoryTarget = { figure: "value", atMost: 250 } as const;
      const rounds = effort.quick ? 1 : 3;
      return await compareWithFloor(
        { ...comparison, name, against: "gunzip and parse", target, memoryTarget, rounds },
        effort,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** Files as CloudTrail delivers them to S3: a day a folder, some megabytes each. */
function generate(logs: string, bytes: number): void {
  const { detail: deletion } = JSON.parse(readFileSync(resolve(root, "events/delete-key-sso.json"), "utf8"));
  const { detail: creation } = JSON.parse(readFileSync(resolve(root, "events/create-key.json"), "utf8"));
  for (let [made, files] = [0, 0]; made < bytes; files++) {
    const day = join(logs, `2026/01/${String(1 + (files % 28)).padStart(2, "0")}`);
    mkdirSync(day, { recursive: true });
    const Records = Array.from({ length: recordsPerFile }, (_, n) => {
      const eventID = `${String(files).padStart(8, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;
      return n % 100 === 0 ? { ...deletion, eventID } : { ...creation, eventID, eventName: "GetKey" };
    });
    const text = JSON.stringify({ Records });
    writeFileSync(join(day, `${files}.json.gz`), gzipSync(text, { level: 1 }));
    made += Buffer.byteLength(text);
  }
}

export async function replayed(logs: string): Promise<void> {
  const machine: Partial<CliContext> = { colours: false, print: () => {}, printError: () => {}, progress: () => {} };
  const options = { policy: resolve(root, "policy/policy.yaml"), format: "text" };
  await replaying([logs], options, machine as CliContext);
}

export function unpackedAndParsed(logs: string): void {
  for (const name of readdirSync(logs, { recursive: true, encoding: "utf8" }))
    if (name.endsWith(".gz")) JSON.parse(gunzipSync(readFileSync(join(logs, name))).toString("utf8"));
}
