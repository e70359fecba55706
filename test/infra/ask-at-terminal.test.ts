import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askAtTerminal } from "../../scripts/deploy/ask-at-terminal.ts";

/** Asks at a pipe or a terminal, where the person types `keys`. */
async function answerTo(keys: string, isTTY: boolean): Promise<{ answer: string | undefined; shown: string }> {
  const [input, output] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY })];
  const answer = askAtTerminal("Deploy? ", input, output);
  input.write(keys);
  if (!isTTY) input.end();
  return { answer: await answer, shown: String(output.read()) };
}

describe("a question at the terminal", () => {
  it.each<[string, string, boolean, string | undefined]>([
    ["a line", "yes\n", true, "yes"],
    ["a line of a pipe", "yes\n", false, "yes"],
    ["an empty line", "\n", true, ""],
    ["Ctrl-C", "ye\u0003", true, undefined],
    ["Ctrl-D", "\u0004", true, undefined],
    ["the end of a pipe", "", false, undefined],
  ])("takes %s", async (_, keys, isTTY, expected) => {
    const { answer, shown } = await answerTo(keys, isTTY);
    expect(answer).toBe(expected);
    expect(shown).toContain("Deploy? ");
    // What is printed next has a line of its own.
    if (expected === undefined) expect(shown.endsWith("\n")).toBe(true);
  });
});
