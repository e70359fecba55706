import { sha256Hex } from "../../../lib/domain/ledger/canonical-json.ts";

/** What an assessor draws: so many cases, by a text of their own choice. */
export interface Draw {
  readonly size: number;
  readonly seed: string;
}

/**
 * Returns the cases that were drawn: the first `size` in the order of SHA-256(seed || name of the chain), in hex. Anyone who has the names and
 * the seed can draw them again.
 */
export function drawn<Row extends { readonly case: string }>(
  rows: readonly Row[],
  { size, seed }: Draw,
): readonly Row[] {
  return rows
    .map((row) => ({ row, order: sha256Hex(`${seed}${row.case}`) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .slice(0, size)
    .map(({ row }) => row);
}
