import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { root } from "../../scripts/bundle.ts";

/** A folder that looks like the checkout, in which a page's commands run. What they write into its root, `policy` and `events` stays in it. */
export interface Scratch {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly remove: () => void;
}

const copied: readonly string[] = ["policy", "events"];
const absent: readonly string[] = [".git", ".build", "coverage", "reports"];

/** Makes a scratch folder with the command, an `aws` and CloudTrail logs in it, and an environment without any credentials. */
export function makeScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "reprieve-page-"));
  const [bin, home] = [join(folder, ".scratch/bin"), join(folder, ".scratch/home")];
  for (const made of [bin, home, join(folder, "logs")]) mkdirSync(made, { recursive: true });
  for (const name of readdirSync(root).filter((each) => !absent.includes(each))) {
    if (copied.includes(name)) cpSync(resolve(root, name), join(folder, name), { recursive: true });
    else symlinkSync(resolve(root, name), join(folder, name));
  }
  const { bin: commands } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
  symlinkSync(process.execPath, join(bin, "node"));
  writeCommand(join(bin, "reprieve"), resolve(root, commands.reprieve));
  writeCommand(join(bin, "aws"), resolve(root, "test/documents/aws-command.ts"));
  const { detail } = JSON.parse(readFileSync(resolve(root, "events/delete-key-sso.json"), "utf8"));
  writeFileSync(join(folder, "logs/deletions.json"), JSON.stringify({ Records: [detail] }));
  const env = { PATH: `${bin}:${process.env["PATH"]}`, HOME: home, NO_COLOR: "1", AWS_EC2_METADATA_DISABLED: "true" };
  return { folder, env, remove: () => rmSync(folder, { recursive: true }) };
}

function writeCommand(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  chmodSync(file, 0o755);
}
