import { maxFieldBytes } from "../ledger/bounded-values.ts";
import { jsonBytes } from "../well-formed.ts";

/** Returns `text` in pieces that an entry keeps whole. Joined they are the text. */
export function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let [piece, bytes] = ["", 0];
  for (const character of text) {
    const own = jsonBytes(character);
    if (bytes + own > maxFieldBytes) {
      pieces.push(piece);
      [piece, bytes] = ["", 0];
    }
    piece += character;
    bytes += own;
  }
  return piece === "" ? pieces : [...pieces, piece];
}
