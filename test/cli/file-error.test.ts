import { describe, expect, it } from "vitest";
import { fileErrorText } from "../../cli/shell/file-error.ts";

const failed = (code: string) => Object.assign(new Error(`${code}: open '/a'`), { code });

describe("an error of a file", () => {
  it.each<[unknown, string]>([
    [failed("ENOENT"), "there is no such file"],
    [failed("EISDIR"), "it is a folder"],
    [failed("EACCES"), "permission denied"],
    [failed("EMFILE"), "EMFILE: open '/a'"],
    [new Error("it has\u001b[2J 9 bytes"), "it has\\u{1b}[2J 9 bytes"],
    [new Error("parse error.\n  Deserialization error: to see the raw response, inspect {error}"), "parse error."],
    ["gone", "gone"],
  ])("%s is printed without its path", (error, text) => {
    expect(fileErrorText(error)).toBe(text);
  });
});
