/** A function dies here: nothing after this point happens any more, in this delivery. */
export class Crash extends Error {}

export interface CrashPoint {
  /** Counted from 1, over all calls of one delivery. */
  readonly call: number;
  readonly when: "before" | "after";
}

/** Makes ports of a function that dies at `point`; they share one count. */
export function dyingPorts(point: CrashPoint): <Port extends object>(port: Port) => Port {
  let calls = 0;
  let dead = false;
  const dying =
    (method: (...args: unknown[]) => unknown) =>
    async (...args: unknown[]) => {
      calls += 1;
      const here = calls === point.call;
      if (dead || (here && point.when === "before")) {
        dead = true;
        throw new Crash();
      }
      const answer: unknown = await method(...args);
      if (here) dead = true;
      if (dead) throw new Crash();
      return answer;
    };
  return <Port extends object>(port: Port): Port =>
    Object.fromEntries(
      Object.entries(port).map(([name, method]) => [name, typeof method === "function" ? dying(method) : method]),
    ) as Port;
}
