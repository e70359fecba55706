import type { LogFinding, LogFindingName } from "./finding.ts";
import { type Verdict, verdictOn } from "./finding.ts";

/** Findings that are kept whole; of the others only the number is known. */
const mostFindings = 1_000;

/** Collects findings. Objects in a row with the same fault are one finding. */
export class Findings {
  readonly #kept: LogFinding[] = [];
  readonly #names = new Set<LogFindingName>();
  readonly #onFinding: ((finding: LogFinding) => void) | undefined;
  #count = 0;

  constructor(onFinding?: (finding: LogFinding) => void) {
    this.#onFinding = onFinding;
  }

  add(finding: LogFinding): void {
    this.#onFinding?.(finding);
    this.#names.add(finding.finding);
    const last = this.#kept.at(-1);
    if (last !== undefined && continues(last, finding)) {
      this.#kept[this.#kept.length - 1] = { ...last, lastObject: finding.object ?? 0 };
      return;
    }
    this.#count += 1;
    if (this.#kept.length < mostFindings) this.#kept.push(finding);
  }

  get list(): readonly LogFinding[] {
    return this.#kept;
  }

  get count(): number {
    return this.#count;
  }

  get verdict(): Verdict {
    return verdictOn([...this.#names].map((finding) => ({ finding })));
  }
}

/** Only objects without anything else to say of them run together. */
function continues(last: LogFinding, next: LogFinding): boolean {
  const isPlain = (each: LogFinding) => each.index === undefined && each.detail === undefined;
  if (last.finding !== next.finding || !isPlain(last) || !isPlain(next)) return false;
  return last.object !== undefined && next.object === (last.lastObject ?? last.object) + 1;
}
