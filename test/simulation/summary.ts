import { hour, type Plan } from "./plan.ts";
import type { Outcome } from "./play.ts";

interface Tally {
  plans: number;
  failed: number;
}

/** What all runs of one command came to. */
export class Summary {
  runs = 0;
  failed = 0;
  #simulatedMs = 0;
  #requests = 0;
  readonly #kinds = new Map<string, Tally>();
  readonly #began = process.cpuUsage();

  add(plan: Plan, { simulatedMs, requests }: Outcome, isFailed: boolean): void {
    this.runs += 1;
    this.failed += Number(isFailed);
    this.#simulatedMs += simulatedMs;
    this.#requests += requests;
    for (const kind of new Set(kindsOf(plan))) {
      const tally = this.#kinds.get(kind) ?? { plans: 0, failed: 0 };
      this.#kinds.set(kind, { plans: tally.plans + 1, failed: tally.failed + Number(isFailed) });
    }
  }

  /** Lines of a table: in how many plans each kind of trouble occurs, and how many of them fail. */
  table(): string[] {
    const rows = [...this.#kinds].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const width = Math.max(...rows.map(([kind]) => kind.length), 0);
    return [
      `${"in these plans".padEnd(width)}  plans  failed`,
      ...rows.map(
        ([kind, { plans, failed }]) =>
          `${kind.padEnd(width)}  ${String(plans).padStart(5)}  ${String(failed).padStart(6)}`,
      ),
    ];
  }

  /** One line about all runs. */
  line(): string {
    const { user, system } = process.cpuUsage(this.#began);
    const seconds = (user + system) / 1e6;
    const hours = this.#simulatedMs / hour;
    const speed = `${(hours / seconds).toFixed(1)} h and ${Math.round(this.#requests / seconds)} requests per CPU second`;
    return `${this.runs} runs, ${this.failed} failed; ${Math.round(hours)} h simulated, ${speed}`;
  }
}

/** Names the kinds of trouble that a plan has. */
function kindsOf({ acts, faults, noise, skewsMs, hostile, keys, indexLagMs }: Plan): string[] {
  return [
    ...acts.map((act) => `act ${act.do}`),
    ...acts.flatMap((act) => (act.do === "delete" && act.event !== "on-time" ? [`event ${act.event}`] : [])),
    ...faults.map(({ fate }) => `fault ${fate}`),
    ...faults.map(({ port }) => `service ${port}`),
    ...(faults.some(({ forMs }) => forMs === null) ? ["fault that never heals"] : []),
    ...(noise.rate > 0 ? ["noise"] : []),
    ...(skewsMs.length > 1 ? ["clocks that differ"] : []),
    ...(hostile ? ["hostile values"] : []),
    ...(keys.length > 10 ? ["hundreds of keys"] : []),
    ...(indexLagMs > 1_000 ? ["index that lags"] : []),
  ];
}
