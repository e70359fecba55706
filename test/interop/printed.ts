import type { ChildProcess } from "node:child_process";
import { stripVTControlCharacters } from "node:util";

/** Waits until a process printed what `pattern` matches, and goes on reading: one whose output nobody reads any more may end. Throws where the process ends before. */
export async function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return await new Promise((found, failed) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const match = pattern.exec(stripVTControlCharacters(output));
      if (match !== null) found(match);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("close", () => failed(new Error(`it ended with: ${output}`)));
  });
}
