import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { proveCase } from "../../../cli/trail/prove-case.ts";
import { objectName } from "../../../lib/domain/log/object-name.ts";
import { verifierKeyText } from "../../../lib/domain/log/verifier-key.ts";
import { exportFolder, exportLog } from "../../doubles/exported-log.ts";
import { loggedHours } from "../../doubles/logged-cases.ts";
import { equal, type Outcome, type Part } from "../part.ts";

/** Has Go's own packages for transparency logs check an export and the proofs of a case, before and after one byte is changed. */
export const log: Part = { name: "log", software: "golang.org/x/mod/sumdb 0.21.0", run };

const hours = 24;

async function run(): Promise<Outcome> {
  const { next, remove } = exportFolder();
  try {
    return { checks: await compared(next(), next()), deviations: [] };
  } finally {
    remove();
  }
}

async function compared(out: string, proofs: string) {
  const world = await loggedHours(hours);
  await exportLog(world, out);
  const { proofs: proven } = await proveCase(out, "case000000000007#1", proofs, { key: world.key, witnesses: [] });
  const args = [out, verifierKeyText(world.key), proofs];
  const whole = await go(args);
  const object = join(out, objectName(5));
  writeFileSync(object, readFileSync(object, "utf8").replace("CONTROL_PLANE", "CONTROL_PLANT"));
  const damaged = await go(args);
  const found = `root after ${object} another tree`;
  return [
    equal("every note, root, consistency and proof holds", whole.trim(), `${3 * hours - 1 + proven} passed, 0 failed`),
    {
      name: "a changed byte is found",
      holds: damaged.includes(found),
      ...(!damaged.includes(found) && { found: damaged }),
    },
  ];
}

/** Returns what the checker printed, or the error of Go itself. */
async function go(args: readonly string[]): Promise<string> {
  const options = { cwd: import.meta.dirname };
  const ran = promisify(execFile)("go", ["run", "-mod=mod", ".", ...args], options);
  const { stdout, stderr } = await ran.catch((error: { stdout: string; stderr: string }) => error);
  return stdout === "" ? stderr : stdout;
}
