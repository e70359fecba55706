import { execFileSync, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { root } from "../../../scripts/bundle.ts";
import { fill } from "../cache.ts";

export const version = "2.1.0";

/** A pattern, and events to match with it. */
export interface Question {
  readonly pattern: unknown;
  readonly events: readonly unknown[];
}

/** Returns the verdicts of AWS's library. Throws where Maven or Java fails. */
export async function rulerVerdicts(questions: readonly Question[]): Promise<readonly string[]> {
  const jars = fill(`event-ruler-${version}`, (folder) => {
    const artifact = `software.amazon.event.ruler:event-ruler:${version}`;
    const [local, copy] = [`-Dmaven.repo.local=${join(folder, "m2")}`, `-DoutputDirectory=${join(folder, "jars")}`];
    const pom = join(folder, "m2/software/amazon/event/ruler/event-ruler", version, `event-ruler-${version}.pom`);
    const mvn = (...args: readonly string[]) =>
      execFileSync("mvn", ["-q", "-B", local, ...args], { cwd: folder, stdio: "inherit" });
    mvn("dependency:get", `-Dartifact=${artifact}`);
    mvn("-f", pom, "dependency:copy-dependencies", "-DincludeScope=runtime", copy);
    mvn("dependency:copy", `-Dartifact=${artifact}`, copy);
  });
  const source = resolve(root, "test/interop/event-ruler/Oracle.java");
  const java = spawn("java", ["-cp", join(jars, "jars/*"), source], { stdio: ["pipe", "pipe", "inherit"] });
  // A Java that ended early shows by the verdicts that are missing.
  java.stdin.on("error", () => {});
  java.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(""));
  const output = await text(java.stdout);
  const verdicts = output.split("\n").slice(0, -1);
  if (verdicts.length !== questions.length) throw new Error(`${verdicts.length} verdicts of ${questions.length}`);
  return verdicts;
}
