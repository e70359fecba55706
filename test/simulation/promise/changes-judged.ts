import { hour, minute } from "../plan.ts";
import { type Evidence, isFaultless, type Promised } from "./promise.ts";

/** A call of the stack follows its last look at the alias within this time (ms). */
const raceMs = 2 * minute;

/** A rotation that the policy allows is never fought: an alias is pointed back only behind someone who may not point it elsewhere. */
export const rotationStays: Promised = ({ chronicle }) =>
  chronicle.aliasEffects.flatMap(({ alias, at }) => {
    const last = chronicle.changes.findLast((each) => each.alias === alias && each.at <= at - raceMs);
    const isOwn =
      last?.did === "misroute" ||
      chronicle.changes.some((each) => each.alias === alias && each.did === "misroute" && each.at > at - raceMs);
    return isOwn ? [] : [`FOUGHT: the stack pointed ${alias} back behind an allowed rotation`];
  });

/** How long (ms) after the beginning the inventory knows every state, and how long a stop may take to be undone. */
const [knownMs, undoneMs] = [6 * hour, 20 * minute];

/** Where nothing fails, a stop by someone who may not stop keys is undone: the first of the key, and nothing else done to it around that time. */
export const stopIsUndone: Promised = (evidence) => {
  const { chronicle, plan, beginning, end } = evidence;
  const isQuiet = isFaultless(evidence) && chronicle.policies.length === 1 && chronicle.pauses.length === 0;
  if (!isQuiet || plan.policy !== "base" || plan.mode !== "enforce" || plan.acts.some((act) => act.do === "limit"))
    return [];
  return chronicle.changes.flatMap(({ key, at, did }) => {
    if (did !== "stop" || at < beginning + knownMs || at > end - hour || touched(evidence, key, at)) return [];
    const isUndone = chronicle.effects.some(
      (each) => each.key === key && each.operation === "StartKeyUsage" && each.at > at && each.at <= at + undoneMs,
    );
    return isUndone ? [] : [`STOPPED: key ${key} was stopped by mallory, and not started again`];
  });
};

function touched({ chronicle, plan }: Evidence, key: number, at: number): boolean {
  const others = [...chronicle.deletionsOf(key), ...chronicle.manual.filter((each) => each.key === key)];
  const stops = chronicle.changes.filter((each) => each.key === key && each.did === "stop" && each.at !== at);
  const isKilled = plan.acts.some((act) => act.do === "crash" || act.do === "lock-out");
  return isKilled || [...others, ...stops].some((each) => each.at < at + undoneMs);
}
