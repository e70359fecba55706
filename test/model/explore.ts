import { always } from "../../local/stories/invariants/invariants.ts";
import type { PersonName } from "../simulation/plan.ts";
import type { Actor } from "./actor.ts";
import { type ModelOptions, ModelWorld, unavailable } from "./model-world.ts";

/** How often each thing may happen, of those that may happen at all. */
export interface Budget {
  readonly crash?: number;
  readonly fault?: number;
  readonly sweep?: number;
  readonly reEvaluate?: number;
  readonly restoreByHand?: number;
  readonly deleteByHand?: number;
  readonly pause?: number;
  /** Whether the next policies may be deployed. */
  readonly deploy?: number;
  /** `bob approve`, each once: words on a permit that is planned. */
  readonly permits?: readonly string[];
  /** Jumps of the clock (ms), in their order. */
  readonly time?: readonly number[];
  /** `bob approve`, each once. */
  readonly votes?: readonly string[];
}

export interface Configuration extends ModelOptions {
  readonly name: string;
  readonly budget: Budget;
  /** What must hold once everybody has had the time to do his work. */
  readonly end: (world: ModelWorld) => Promise<readonly string[]>;
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** States after which everybody had the time to do his work. */
  readonly ends: number;
  readonly whole: boolean;
  readonly violation?: { readonly kinds: readonly string[]; readonly schedule: readonly string[] };
}

/** One state of so many is also taken for the last: nothing more happens, and everybody has the time to do his work. */
const endEvery = 100;

/** Walks every schedule of the real workflow code that `configuration` permits, each state once, up to `maxStates`. */
export async function explore(configuration: Configuration, maxStates: number): Promise<Exploration> {
  const visited = new Set<string>();
  const stack: string[][] = [[]];
  let [transitions, ends] = [0, 0];
  const found = (kinds: readonly string[], schedule: readonly string[], whole: boolean): Exploration => ({
    states: visited.size,
    transitions,
    ends,
    whole,
    ...(kinds.length > 0 && { violation: { kinds, schedule } }),
  });
  while (stack.length > 0 && visited.size < maxStates) {
    const path = stack.pop() ?? [];
    const world = new ModelWorld(configuration);
    for (const move of path) await play(world, move);
    for (let moves: string[] = []; ; ) {
      const state = world.fingerprint(spent(configuration.budget, path));
      if (visited.has(state)) break;
      visited.add(state);
      const broken = always.flatMap((holds) => holds(world.witnessed()));
      if (world.made.cases.chains().length > world.deletions) broken.push("I5: more cases than deletions");
      if (broken.length > 0) return found(broken, path, false);
      moves = movesOf(world, configuration, path);
      transitions += moves.length;
      const isEnd = moves.length === 0 || visited.size % endEvery === 0;
      const [first, ...others] = isEnd ? [undefined, ...moves] : moves;
      for (const other of others.toReversed()) if (other !== undefined) stack.push([...path, other]);
      if (first === undefined) {
        ends += 1;
        const wrong = await configuration.end(world);
        if (wrong.length > 0) return found(wrong, path, false);
        break;
      }
      path.push(first);
      await play(world, first);
    }
  }
  return found([], [], stack.length === 0);
}

/** How much of the budget is spent, in whatever order. */
function spent(budget: Budget, path: readonly string[]): string {
  const counted = [
    "crash",
    "fault",
    "sweep",
    "re-evaluate",
    "restore by hand",
    "delete by hand",
    "pause",
    "deploy",
    "time",
  ];
  const votes = (budget.votes ?? []).map((vote) => path.includes(`vote ${vote}`));
  const permits = (budget.permits ?? []).map((word) => path.includes(`permit ${word}`));
  return JSON.stringify([
    counted.map((prefix) => path.filter((move) => move.startsWith(prefix)).length),
    votes,
    permits,
  ]);
}

function movesOf(world: ModelWorld, { budget, deletions }: Configuration, path: readonly string[]): string[] {
  const used = (prefix: string) => path.filter((move) => move.startsWith(prefix)).length;
  const running = world.actors.flatMap((actor, n) => (actor.outcome === "running" ? [[actor, n] as const] : []));
  const idle = (prefix: string) => !running.some(([{ name }]) => name.startsWith(prefix));
  const calls = running.flatMap(([actor, n]) => actor.parked.map((_, call) => `call ${n}.${call}`));
  const moves = [...calls];
  deletions.forEach(({ deliveries }, n) => {
    if (n < world.deletions && (world.delivered[n] ?? 0) < deliveries) moves.push(`event ${n}`);
  });
  if (used("sweep") < (budget.sweep ?? 0) && idle("sweep")) moves.push("sweep");
  if (used("re-evaluate") < (budget.reEvaluate ?? 0) && idle("re-evaluate")) moves.push("re-evaluate");
  for (const vote of budget.votes ?? []) if (!path.includes(`vote ${vote}`)) moves.push(`vote ${vote}`);
  for (const word of budget.permits ?? []) if (!path.includes(`permit ${word}`)) moves.push(`permit ${word}`);
  if (used("deploy") < (budget.deploy ?? 0)) moves.push("deploy");
  if (used("crash") < (budget.crash ?? 0)) moves.push(...running.map(([, n]) => `crash ${n}`));
  if (used("fault") < (budget.fault ?? 0)) moves.push(...calls.map((call) => call.replace("call", "fault")));
  if (used("restore by hand") < (budget.restoreByHand ?? 0) && world.keys.state === "DELETE_PENDING")
    moves.push("restore by hand");
  if (used("delete by hand") < (budget.deleteByHand ?? 0) && world.mayDelete()) moves.push("delete by hand");
  if (used("pause") < (budget.pause ?? 0)) moves.push("pause");
  const jump = budget.time?.[used("time")];
  if (jump !== undefined) moves.push(`time ${jump}`);
  return moves;
}

async function play(world: ModelWorld, move: string): Promise<void> {
  const [verb = "", ...rest] = move.split(" ");
  const at = rest.join(" ");
  switch (verb) {
    case "call":
    case "fault":
      await act(world.actors, verb, at);
      break;
    case "crash":
      world.actors[Number(at)]?.die();
      break;
    case "event":
      world.deliver(Number(at));
      break;
    case "sweep":
      world.sweep();
      break;
    case "re-evaluate":
      world.reEvaluate();
      break;
    case "vote":
      world.vote(rest[0] as PersonName, rest[1] === "keep" ? "keep" : "approve");
      break;
    case "permit":
      world.permit(rest[0] as PersonName, rest[1] as "request" | "approve" | "revoke");
      break;
    case "deploy":
      world.deploy();
      break;
    case "restore":
      world.restoreByHand();
      break;
    case "delete":
      world.deleteByHand();
      break;
    case "pause":
      await world.pause();
      break;
    case "time":
      world.pass(Number(at));
      break;
  }
  await settled();
}

async function act(actors: readonly Actor[], kind: "call" | "fault", at: string): Promise<void> {
  const [n, call] = at.split(".").map(Number);
  const actor = actors[n ?? 0];
  const [parked] = actor?.parked.splice(call ?? 0, 1) ?? [];
  if (kind === "call") await parked?.perform();
  else parked?.fail(unavailable(parked.label));
}

/** Every run has come to its next call, or to its end. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Lets every live run go on to its end, one call after another. */
export async function runOut(world: ModelWorld): Promise<void> {
  for (let calls = 0; calls < 500; calls++) {
    const next = world.actors.find(({ outcome, parked }) => outcome === "running" && parked.length > 0);
    if (next === undefined) return;
    await next.parked.shift()?.perform();
    await settled();
  }
}
