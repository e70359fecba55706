import type { AwsPlace } from "../stack/aws-place.ts";
import type { ToolContext } from "./console-context.ts";

/** How often (ms) the clock of the local world is looked at: it may be moved at any moment. */
const lookEveryMs = 5_000;

/** What time it is for a stack: this machine's clock may be wrong, and a local world has its own. */
export class StackTime {
  readonly #context: Pick<ToolContext, "clock" | "stackTime">;
  readonly #place: AwsPlace | undefined;
  readonly #moves: boolean;
  #aheadMs = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `place`: undefined for many places, whose time is this machine's. `moves`: whether its clock is moved by hand. */
  constructor(context: Pick<ToolContext, "clock" | "stackTime">, place: AwsPlace | undefined, moves: boolean) {
    this.#context = context;
    this.#place = place;
    this.#moves = moves;
  }

  readonly now = (): number => {
    if (this.#moves && this.#context.clock() - this.#lookedAt >= lookEveryMs) void this.look();
    return this.#context.clock() + this.#aheadMs;
  };

  /** Compares the clocks. A stack that does not answer has this machine's. */
  async look(): Promise<void> {
    if (this.#place === undefined) return;
    this.#lookedAt = this.#context.clock();
    const { region, endpoint } = this.#place;
    const there = await this.#context.stackTime({ region, ...(endpoint !== undefined && { endpoint }) });
    const aheadMs = there - this.#context.clock();
    // A `Date` header has whole seconds.
    this.#aheadMs = Math.abs(aheadMs) < 2_000 ? 0 : aheadMs;
  }
}
