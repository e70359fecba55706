import { globSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";
import { slowFiles } from "./test/slow-files.ts";

/** Shared by all runs of a process: a world of `npm start` on this machine is announced elsewhere, and no test finds it. */
process.env["TMPDIR"] = mkdtempSync(join(tmpdir(), "reprieve-tests-"));

const all = "test/**/*.test.ts";
const isFull = process.env["REPRIEVE_FULL"] !== undefined;
const isQuick = process.env["REPRIEVE_QUICK"] !== undefined;

/** Files that do more under `npm run test:full`: more runs of each property, plans with the SDK's clients. */
const doesMore = (file: string) => /REPRIEVE_FEW_RUNS|REPRIEVE_DEEP|toolsForTests/.test(readFileSync(file, "utf8"));

export default defineConfig({
  test: {
    // What takes minutes, and what .ci/run runs beside `npm test`.
    include: isFull ? [...globSync(all).filter(doesMore), ...slowFiles] : [all],
    exclude: [...configDefaults.exclude, ...(isQuick ? slowFiles : [])],
    env: isFull ? {} : { REPRIEVE_FEW_RUNS: "1" },
    globalSetup: ["test/packaging-folder.ts"],
    // The default leaves one core idle, half of a small machine.
    maxWorkers: "100%",
    // No module is mocked, and none keeps state that a test rests on: a worker need not load them all anew for each file.
    isolate: false,
    // They only end what hangs: what is slow on a busy machine is not wrong.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
