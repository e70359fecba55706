/**
 * Checks an export and the proofs of a case with Go's own packages for transparency logs, and that they find a change. Needs Go and its module
 * proxy:
 *   node test/interop/log/run.ts
 */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { proveCase } from "../../../cli/trail/prove-case.ts";
import { objectName } from "../../../lib/domain/log/object-name.ts";
import { verifierKeyText } from "../../../lib/domain/log/verifier-key.ts";
import { exportFolder, exportLog } from "../../doubles/exported-log.ts";
import { loggedHours } from "../../doubles/logged-cases.ts";

const hours = 24;
const { next, remove } = exportFolder();
try {
  process.exitCode = (await compare()) ? 0 : 1;
} finally {
  remove();
}

/** Returns whether Go's verdicts are ours: whole, and damaged after one byte was changed. */
async function compare(): Promise<boolean> {
  const world = await loggedHours(hours);
  const [out, proofs] = [next(), next()];
  await exportLog(world, out);
  const { proofs: proven } = await proveCase(out, "case000000000007#1", proofs, { key: world.key, witnesses: [] });
  const args = [out, verifierKeyText(world.key), proofs];
  const whole = await go(args);
  const expected = `${3 * hours - 1 + proven} passed, 0 failed`;
  const object = join(out, objectName(5));
  writeFileSync(object, readFileSync(object, "utf8").replace("CONTROL_PLANE", "CONTROL_PLANT"));
  const damaged = await go(args);
  const isRight = whole.trim() === expected && damaged.includes(`root after ${object} another tree`);
  console.log(isRight ? `golang.org/x/mod/sumdb: ${expected}; a changed byte is found` : `${whole}\n${damaged}`);
  return isRight;
}

async function go(args: readonly string[]): Promise<string> {
  const options = { cwd: import.meta.dirname };
  const ran = promisify(execFile)("go", ["run", "-mod=mod", ".", ...args], options);
  return (await ran.catch((error: { stdout: string; stderr: string }) => error)).stdout;
}
