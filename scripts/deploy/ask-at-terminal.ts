import { createInterface } from "node:readline/promises";

/**
 * Asks at the terminal, on standard error. Returns the line, or undefined if the person ends the input: Ctrl-C, Ctrl-D, or the end of a pipe. Never throws
 * for one of these.
 */
export async function askAtTerminal(
  question: string,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<string | undefined> {
  const terminal = createInterface({ input, output });
  const closed = new Promise<undefined>((answered) => {
    terminal.once("close", () => {
      answered(undefined);
    });
  });
  // With a listener, Ctrl-C rejects no question.
  terminal.once("SIGINT", () => {
    terminal.close();
  });
  try {
    const answer = await Promise.race([terminal.question(question).catch(() => undefined), closed]);
    if (answer === undefined) output.write("\n");
    return answer;
  } finally {
    terminal.close();
  }
}
