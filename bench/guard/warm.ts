import type { Bench } from "../bench.ts";
import { compared, measured, type Result } from "../result.ts";
import { quantile } from "../spread.ts";
import type { Call } from "./loopback-aws.ts";
import type { Handled } from "./process-code.ts";
import { withHandlers } from "./with-handlers.ts";

const events = 300;
/** Until the compiler has done its work. */
const warmUp = 200;

export const warm: Bench = {
  name: "warm",
  title: "Warm: an event in an environment that has run before",
  about:
    "From the message to the moment in which RestoreKey goes out, and to the end of the case, for 300 deletions after 200 that warm up, in a process of its own, against the same calls bare, one after another; services answer at once on loopback. Processor time is that of the whole process, so that what ours takes more is our own. Medians and percentiles of a run; spread over the runs.",
  measure: async ({ quick, progress }) =>
    await withHandlers(async ({ functions, floor }, handlers) => {
      const { rounds, deletion } = await handlers.record(functions.guard);
      const inTurn = rounds.flat().map((call) => [call]);
      const bare = await floor("guard-calls.ts");
      const [own, other]: [Handled[], Handled[]] = [[], []];
      const count = quick ? 2 : 9;
      for (let round = 1; round <= count; round++) {
        progress(`warm: round ${round} of ${count}`);
        own.push(await handlers.guard(functions.guard, handlers.deletions(warmUp + events), warmUp));
        other.push(await handlers.calls(bare, inTurn, deletion, handlers.deletions(warmUp + events), warmUp));
      }
      return [...timesOf(own, other), cpuOf(own, other), ...countsOf(rounds)];
    }),
};

function timesOf(own: readonly Handled[], other: readonly Handled[]): readonly Result[] {
  return (["restoreSent", "done"] as const).flatMap((moment) =>
    [0.5, 0.99].map((part) => {
      const at = (runs: readonly Handled[]) =>
        runs.map((run) =>
          quantile(
            run[moment].toSorted((a, b) => a - b),
            part,
          ),
        );
      const name = `message to ${moment === "done" ? "case closed" : "RestoreKey sent"}, p${part * 100}`;
      return compared({ name, unit: "ms", against: "the same calls bare, in turn" }, at(own), at(other));
    }),
  );
}

function cpuOf(own: readonly Handled[], other: readonly Handled[]): Result {
  const perEvent = (runs: readonly Handled[]) => runs.map(({ cpuMs }) => cpuMs / events);
  const target = { figure: "difference", atMost: 2 } as const;
  const subject = {
    name: "processor time per event",
    unit: "ms",
    against: "the same calls bare, in turn",
    target,
  } as const;
  return compared(subject, perEvent(own), perEvent(other));
}

function countsOf(rounds: readonly (readonly Call[])[]): readonly Result[] {
  const calls = rounds.flat();
  const toKeys = calls.filter(({ operation }) => operation.endsWith("Key"));
  const until = rounds.findIndex((round) => round.some(({ operation }) => operation === "RestoreKey"));
  return [
    measured({ name: "calls per event", unit: "calls" }, [calls.length]),
    measured({ name: "calls per event to the control plane", unit: "calls", target: { figure: "value", atMost: 2 } }, [
      toKeys.length,
    ]),
    measured({ name: "round trips per event", unit: "round trips" }, [rounds.length]),
    measured({ name: "round trips until RestoreKey goes out", unit: "round trips" }, [until]),
  ];
}
