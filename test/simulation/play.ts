import { Actors } from "./actors.ts";
import type { Clients, Codes } from "./bundle.ts";
import { specOf } from "./cast.ts";
import { Chronicle } from "./chronicle.ts";
import { EventFeed } from "./event-feed.ts";
import { FaultsInForce } from "./faults-in-force.ts";
import { isSettled, judge, type Verdict } from "./judge.ts";
import { rememberPast } from "./label-past.ts";
import { calmFrom, day, hour, minute, type Plan, type PolicyState } from "./plan.ts";
import { factsFor } from "./policies.ts";
import type { Evidence } from "./promise/promise.ts";
import { watchQueues } from "./queue-watch.ts";
import { Random } from "./random.ts";
import { Watch } from "./watch.ts";
import { createSimulation, type Simulation } from "./world.ts";

/** What every run needs, made once. */
export interface Tools {
  readonly codes: Codes;
  /** What `codes` were compiled with. */
  readonly clients: Clients;
  readonly templateFile: string;
  /** Sees the world of each run before anything happens in it. */
  readonly onStart?: (sim: Simulation) => void;
}

export interface Outcome extends Verdict {
  readonly hash: string;
  readonly simulatedMs: number;
  readonly requests: number;
  /** What happened, line by line, with its time. */
  readonly story: readonly string[];
  /** Every line of the trace, if it was kept. */
  readonly lines: readonly string[];
}

/** Plays a plan and judges the result. */
export async function play(plan: Plan, tools: Tools, keepTrace = false): Promise<Outcome> {
  const run = setUp(plan, tools, keepTrace);
  const { sim, story } = run;
  const { clock, beginning, trace } = sim;
  try {
    await rememberPast(sim);
    begin(run);
    await runToRest(run);
    run.look();
    const verdict = await judge(sim, evidenceOf(run));
    const played = { simulatedMs: clock.now() - beginning, requests: sim.network.requests };
    return { ...verdict, ...played, hash: trace.hash, story, lines: trace.lines };
  } finally {
    sim.stop();
  }
}

/** A plan with everything that takes part in it. */
type PlannedRun = ReturnType<typeof setUp>;

function setUp(plan: Plan, tools: Tools, keepTrace: boolean) {
  let state: PolicyState = { policy: plan.policy, mode: plan.mode };
  const [skews, lags] = [new Random(plan.seed, "skews"), new Random(plan.seed, "lags")];
  let feed: EventFeed | undefined;
  let faults: FaultsInForce | undefined;
  const sim: Simulation = createSimulation({
    ...{ seed: plan.seed, ...tools, keepTrace, sparseKeys: plan.sparseKeys ?? false },
    facts: () => factsFor(state),
    fate: (call) => faults?.fateOf(call),
    skewMs: () => skews.one(plan.skewsMs),
    lagMs: () => Math.round(lags.next() ** 3 * plan.indexLagMs),
    onRecord: (envelope) => feed?.record(envelope),
  });
  const { clock, beginning, stack, functions, trace } = sim;
  faults = new FaultsInForce(plan, clock);
  feed = new EventFeed(clock, new Random(plan.seed, "events"), { bus: () => stack.bus, history: () => stack.history });
  stack.history.lagMs = plan.historyLagMs;
  stack.controlPlane.settings.deletionDisablesKey = plan.deletionDisablesKey ?? true;
  tools.onStart?.(sim);
  const story: string[] = [];
  const tell = (text: string) => {
    story.push(`${((clock.now() - beginning) / hour).toFixed(2)}h ${text}`);
    trace.note(`${clock.now()} act ${text}`);
  };
  const arns = plan.keys.map((kind, n) => stack.controlPlane.seed(specOf(kind, n, plan.hostile)));
  const chronicle = new Chronicle(plan.keys);
  const deploy = (next: PolicyState) => {
    state = { policy: next.policy, mode: next.mode };
    chronicle.policies.push({ ...state, at: clock.now() });
    for (const each of functions.values()) each.deploy();
  };
  deploy(state);
  const actors = new Actors({ sim, plan, feed, chronicle, arns, deploy, tell });
  const watch = new Watch(sim, chronicle, arns);
  const look = () => watch.look(actors, (key) => tell(`key ${key} is destroyed`));
  return { sim, plan, faults, chronicle, arns, actors, watch, look, story, tell };
}

/** Schedules acts, faults and sweeps. */
function begin({ sim, plan, actors, tell, look }: PlannedRun): void {
  const { clock, beginning, stack, trace } = sim;
  if (plan.faults.length > 0) watchQueues(stack, clock, trace);
  for (const act of plan.acts) clock.after(act.at, () => actors.perform(act));
  for (const fault of plan.faults) clock.after(fault.from, () => tell(`begins: ${JSON.stringify(fault)}`));
  const sweep = () => {
    look();
    sim.sweep();
    const isCalm = clock.now() - beginning > calmFrom + 2 * hour;
    clock.after(isCalm ? Math.max(plan.sweepEveryMs, 30 * minute) : plan.sweepEveryMs, sweep);
  };
  clock.after(plan.sweepEveryMs, sweep);
}

function evidenceOf({ sim, plan, faults, chronicle, arns, watch }: PlannedRun): Evidence {
  const { clock, beginning, stack, trace, network } = sim;
  // A question about a change is a request too, and nobody made it.
  const requests = stack.table.texts().filter(isRequest);
  return {
    ...{
      plan,
      chronicle,
      beginning,
      end: clock.now(),
      keys: stack.controlPlane.keys(),
      failures: faults.failures,
      passes: faults.passes,
    },
    ...{ counted: trace.counted, calls: watch.calls, largestItem: stack.table.largest },
    posts: sim.slack.messages.map(({ channel, threadTs, text, blocks }) =>
      JSON.stringify([channel, threadTs, text, blocks]),
    ),
    notices: sim.slack.messages.map(({ ts, blocks }) => ({ at: Number(ts) * 1000, text: JSON.stringify(blocks) })),
    told: JSON.stringify([sim.slack.messages, stack.topic.mails]),
    permitsRequested: requests.length,
    overlaps: network.overlaps.found.map(({ key, at }) => ({ key: arns.indexOf(key), at })),
  };
}

/** Whether an entry is a person's request for a permit: the stack asks about changes in the same way, without a number. */
function isRequest(text: string): boolean {
  const isOfChange = text.includes('"kind":"change-permit-requested"') && text.includes('"number":');
  return isOfChange || text.includes('"kind":"permit-requested"');
}

/** Runs the acts, and then the calm until nothing is pending and every case has ended, or nine days have passed. */
async function runToRest({ sim, plan, arns }: PlannedRun): Promise<void> {
  const { clock, beginning, stack } = sim;
  await clock.run(beginning + Math.min(calmFrom, plan.endsAfterMs ?? calmFrom));
  if (plan.endsAfterMs !== undefined) return await clock.run(beginning + plan.endsAfterMs);
  const horizonMs = beginning + 9 * day;
  const isPending = ({ KeyState, DeletePendingTimestamp = 0 }: { KeyState: string; DeletePendingTimestamp?: number }) =>
    KeyState === "DELETE_PENDING" && DeletePendingTimestamp * 1000 < horizonMs;
  const lasting = plan.faults.some(({ forMs }) => forMs === null);
  for (let rested = 0; rested < 4 && clock.now() < horizonMs; ) {
    await clock.run(clock.now() + hour + plan.sweepEveryMs);
    const pending = stack.controlPlane.keys().some(isPending);
    rested = pending || !(lasting || (await isSettled(sim, arns))) ? 0 : rested + 1;
  }
}
