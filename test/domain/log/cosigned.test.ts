import { describe, expect, it } from "vitest";
import { readCheckpoint } from "../../../lib/domain/log/checkpoint.ts";
import { cosignedCheckpoint, judgeCosigned } from "../../../lib/domain/log/cosigned.ts";
import { readNote } from "../../../lib/domain/log/signed-note.ts";
import { readVerifierKey, type VerifierKey } from "../../../lib/domain/log/verifier-key.ts";
import { vectors } from "./vectors.ts";

function keyIn(vkey: string): VerifierKey {
  const key = readVerifierKey(vkey);
  if (key === undefined) throw new Error("the vector is not a key");
  return key;
}
const witness = keyIn(vectors.cosignature_v1.vkey);
const logKey = keyIn(vectors.ed25519.vkey);
const signed = `${vectors.checkpoint_body}\n${vectors.ed25519.line}`;
const both = `${signed}${vectors.cosignature_v1.line}`;
const expected = readCheckpoint(readNote(signed)?.text ?? "");
if (expected === undefined) throw new Error("the vector is not a checkpoint");
const { line } = vectors.cosignature_v1;

describe("a cosigned checkpoint of the published vectors", () => {
  it("is the witness's, and the log's without it is not", () => {
    expect(judgeCosigned(both, expected, witness)).toBe("right");
    expect(judgeCosigned(signed, expected, witness)).toBe("absent");
    expect(judgeCosigned(both, { ...expected, size: 4 }, witness)).toBe("wrong");
    expect(judgeCosigned(both.replace("+wiMAgAAAABrC", "+wiMAgAAAABrD"), expected, witness)).toBe("wrong");
    expect(judgeCosigned("", expected, witness)).toBe("wrong");
  });

  it("is made of the log's checkpoint and the line that the witness answers", () => {
    const made = cosignedCheckpoint(signed, line, witness) ?? "";
    expect(judgeCosigned(made, expected, witness)).toBe("right");
    expect(made).toBe(`${signed}${line}`);
  });

  it("keeps nothing but the witness's own line of the answer", () => {
    expect(cosignedCheckpoint(signed, `${vectors.ed25519.line}${line}`, witness)).toBe(`${signed}${line}`);
  });

  it.each([
    ["nothing", ""],
    ["the log's line", vectors.ed25519.line],
    ["no line", line.trimEnd()],
    ["another text", `\nanother\n\n${line}`],
    ["lines without end", `${line.repeat(40)}`],
  ])("is not made of %s", (_, lines) => {
    expect(cosignedCheckpoint(signed, lines, witness)).toBeUndefined();
  });

  it("is not made of another key's signature", () => {
    expect(cosignedCheckpoint(signed, vectors.ed25519.line, { ...logKey, type: "cosignature" })).toBeUndefined();
  });
});
