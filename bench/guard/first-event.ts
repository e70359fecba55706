import type { Bench } from "../bench.ts";
import { compared, type Result, type Target } from "../result.ts";
import type { Handled } from "./process-code.ts";
import { withHandlers } from "./with-handlers.ts";

const target: Target = { figure: "ratio", atMost: 1.25 };

export const firstEvent: Bench = {
  name: "first event",
  title: "Cold: import and first event",
  about:
    "From the start of the import in a fresh process to the moment in which RestoreKey goes out, and to the end of the invocation, against a bundle of the same clients that makes the same calls bare, with those at once that the guard makes at once; services answer at once on loopback.",
  measure: async ({ quick, progress }) =>
    await withHandlers(async ({ functions, floor }, handlers) => {
      const { rounds, deletion } = await handlers.record(functions.guard);
      const [bare, withChain] = [await floor("guard-calls.ts"), await floor("guard-calls.ts", "default chain")];
      const ways = [
        async () => await handlers.guard(functions.guard, handlers.deletions(1)),
        async () => await handlers.calls(bare, rounds, deletion, handlers.deletions(1)),
        async () => await handlers.calls(withChain, rounds, deletion, handlers.deletions(1)),
      ];
      const runs: readonly Handled[][] = ways.map(() => []);
      const count = quick ? 3 : 25;
      for (let round = 1; round <= count; round++) {
        progress(`first event: round ${round} of ${count}`);
        for (const [n, way] of ways.entries()) runs[n]?.push(await way());
      }
      return resultsOf(runs);
    }),
};

function resultsOf([guard = [], bare = [], withChain = []]: readonly Handled[][]): readonly Result[] {
  const restore = { name: "import to RestoreKey sent", unit: "ms" } as const;
  const calls = "the same calls bare";
  return [
    compared({ ...restore, against: calls, target }, untilRestore(guard), untilRestore(bare)),
    compared(
      { ...restore, against: `${calls}, default credential chain` },
      untilRestore(guard),
      untilRestore(withChain),
    ),
    compared({ name: "import to case closed", unit: "ms", against: calls }, untilDone(guard), untilDone(bare)),
  ];
}

function untilRestore(runs: readonly Handled[]): readonly number[] {
  return runs.map(({ importMs, restoreSent }) => importMs + (restoreSent[0] ?? Number.NaN));
}

function untilDone(runs: readonly Handled[]): readonly number[] {
  return runs.map(({ importMs, done }) => importMs + (done[0] ?? Number.NaN));
}
