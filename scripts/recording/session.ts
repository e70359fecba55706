import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "../bundle.ts";

/** A command and what it printed, with its colors. */
export interface Session {
  readonly title: string;
  readonly command: string;
  readonly output: string;
}

/** Where the session and its picture lie. */
export const sessionFile = resolve(root, "docs/recording/relabeled-key.json");
export const pictureFile = resolve(root, "docs/recording/relabeled-key.svg");

/** Returns the session on record. Throws if there is none. */
export function readSession(): Session {
  return JSON.parse(readFileSync(sessionFile, "utf8")) as Session;
}

/** Runs the command of `session` and returns what it prints now. Throws if it fails. */
export function recordAgain({ title, command }: Session): Session {
  const [program = "", ...args] = command.split(" ");
  const env = { ...process.env, FORCE_COLOR: "1", NO_COLOR: undefined };
  const printed = execFileSync(program, args, { cwd: root, env, encoding: "utf8" });
  return { title, command, output: printed.trim() };
}

/** Returns what a session says apart from colors and measured times. */
export function wordsOf({ output }: Session): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colors begin with one.
  return output.replaceAll(/\u001b\[[\d;]*m/g, "").replaceAll(/\d+\.\d s\b/g, "N s");
}
