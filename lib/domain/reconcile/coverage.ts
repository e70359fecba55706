import { hourMs } from "../time.ts";
import type { Hole } from "./digest-chains.ts";
import type { CoverageGap } from "./result.ts";
import { mergedSpans, overlap, type Span, spanWithout } from "./spans.ts";

/** CloudTrail delivers records up to this much (ms) after the call. */
export const lateDeliveryMs = hourMs;

/** The time for which CloudTrail's digests vouch. */
export class Coverage {
  readonly #covered: readonly Span[];
  readonly #holes: readonly Hole[];

  constructor(spans: readonly Span[], holes: readonly Hole[]) {
    const without = mergedSpans(holes);
    this.#covered = mergedSpans(spans).flatMap((span) => spanWithout(span, without));
    this.#holes = holes;
  }

  /** Returns whether a call of `at` (ms), had there been one, is among the records: also if its record was late. */
  covers(at: number): boolean {
    return spanWithout({ from: at, to: at + lateDeliveryMs }, this.#covered).length === 0;
  }

  /** The first and last time that is covered. */
  get ends(): { readonly from?: number; readonly to?: number } {
    const [first, last] = [this.#covered[0], this.#covered.at(-1)];
    return first === undefined || last === undefined ? {} : { from: first.from, to: last.to };
  }

  /** Returns what is not covered of the time that has to be, and why. */
  gaps({ from, to }: Span): readonly CoverageGap[] {
    return spanWithout({ from, to: to + lateDeliveryMs }, this.#covered).flatMap((gap) => this.#explained(gap));
  }

  /** A gap in pieces, each with its own reason; neighbors with the same reason are one. */
  #explained(gap: Span): readonly CoverageGap[] {
    const causes = this.#holes.filter((hole) => overlap(hole, gap));
    const cuts = [...new Set([gap.from, gap.to, ...causes.flatMap(({ from, to }) => [from, to])])]
      .filter((at) => at >= gap.from && at <= gap.to)
      .sort((a, b) => a - b);
    const pieces: CoverageGap[] = [];
    for (const [n, from] of cuts.slice(0, -1).entries()) {
      const piece = { from, to: cuts[n + 1] ?? gap.to };
      const why = causes.find((hole) => overlap(hole, piece))?.why ?? "no digest covers this time";
      const last = pieces.at(-1);
      if (last?.why === why) pieces[pieces.length - 1] = { ...last, to: piece.to };
      else pieces.push({ ...piece, why });
    }
    return pieces;
  }
}
