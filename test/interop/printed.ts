import type { ChildProcess } from "node:child_process";

/** Waits until a process printed what `pattern` matches, and goes on reading: one whose output nobody reads any more may end. Throws where the process ends before. */
export async function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return await new Promise((found, failed) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colors of a terminal
      const match = pattern.exec(output.replaceAll(/\u001b\[\d+m/g, ""));
      if (match !== null) found(match);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("close", () => failed(new Error(`it ended with: ${output}`)));
  });
}
