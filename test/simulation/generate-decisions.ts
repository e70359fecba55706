import { type Act, type DecidedOperation, hour, type KeyKind, minute, type PersonName } from "./plan.ts";
import type { Random } from "./random.ts";

const custodians = ["alice", "bob", "carol"] as const;
const everyone: readonly PersonName[] = ["alice", "bob", "bob", "carol", "carol", "mallory"];
const ways = ["slack", "proof"] as const;
/** The inventory knows what was before from then on (ms). */
const known = 6 * hour;

/** A change about which people are asked, what they say, and how it is made again: in time, late, otherwise, or by another. */
export function decidedChanges(random: Random, keys: readonly KeyKind[]): Act[] {
  const key = random.upTo(Math.min(keys.length, 3));
  const operation = random.one(["alias", "alias", "stop"] as const);
  const began = known + random.upTo(12 * hour);
  const by = operation === "stop" ? "reaper" : random.one(custodians);
  return [
    made(operation, { at: began, key, by, to: 0 }),
    ...votes(random, { from: began + 3 * minute, key, operation, kind: "question" }),
    ...madeAgain(random, { from: began + 10 * minute, key, operation, by }),
  ];
}

/** A change for which people request a permit beforehand. */
export function plannedChanges(random: Random, keys: readonly KeyKind[]): Act[] {
  const key = random.upTo(Math.min(keys.length, 3));
  const operation = random.one(["alias", "alias", "stop"] as const);
  const at = known / 2 + random.upTo(14 * hour);
  const holder = random.one(operation === "stop" ? (["mallory", "reaper"] as const) : (["alice", "mallory"] as const));
  const about = { key, operation, kind: "plan", via: "proof" } as const;
  const to = random.chance(0.6) ? { to: 0 } : {};
  return [
    { at, do: "permit-change", by: random.one(everyone), step: "request", holder, ...about, ...to },
    ...votes(random, { from: at + minute, key, operation, kind: "plan" }),
    ...madeAgain(random, { from: at + 5 * minute, key, operation, by: holder }),
  ];
}

/** A key that someone stopped and others want started: soon, or after another stop, a deletion or another policy. */
export function startRequests(random: Random, keys: readonly KeyKind[]): Act[] {
  const key = random.upTo(Math.min(keys.length, 3));
  const at = known / 2 + random.upTo(14 * hour);
  const acts: Act[] = [{ at, do: "stop-usage", key, by: random.one(custodians) }];
  const later = () => at + random.upTo(random.one([20 * minute, 2 * hour]));
  if (random.chance(0.4)) {
    const by = random.one(["alice", "bob", "mallory", "reaper"] as const);
    acts.push({ at: later(), do: "change", key, change: "stop", by });
  }
  if (random.chance(0.3)) {
    const deleted = later();
    acts.push({ at: deleted, do: "delete", key, by: "mallory", days: 3, event: "on-time" });
    if (random.chance(0.5)) acts.push({ at: deleted + random.upTo(30 * minute), do: "restore", key });
  }
  if (random.chance(0.3)) acts.push(...sealedAt(later(), random));
  for (let n = 1 + random.upTo(3); n > 0; n--) {
    const kind = random.one(["stop", "stop", "stop-before", "case"] as const);
    acts.push({ at: 4 * minute + later(), do: "start", key, by: random.one(everyone), kind, via: random.one(ways) });
  }
  return acts;
}

/** A policy that leaves PIN keys disabled, for some hours. */
function sealedAt(at: number, random: Random): Act[] {
  const back = at + hour + random.upTo(6 * hour);
  return [
    { at, do: "deploy", policy: "sealed", mode: "enforce" },
    { at: back, do: "deploy", policy: "base", mode: "enforce" },
  ];
}

interface Made {
  readonly at: number;
  readonly key: number;
  readonly by: PersonName;
  readonly to: number | "back";
}

function made(operation: DecidedOperation, { to, ...act }: Made): Act {
  return operation === "stop"
    ? { ...act, do: "change", change: "stop" }
    : { ...act, do: "change", change: "switch", to };
}

interface Asked {
  readonly from: number;
  readonly key: number;
  readonly operation: DecidedOperation;
  readonly kind: "question" | "plan";
}

/** Votes of anyone, twice too, mostly soon and sometimes when the question is over. */
function votes(random: Random, { from, ...about }: Asked): Act[] {
  const soon = () => from + random.upTo(random.one([20 * minute, 20 * minute, 2 * hour]));
  const late = () => from + 4 * hour + random.upTo(hour);
  return Array.from({ length: 1 + random.upTo(5) }, () => {
    const step = random.chance(0.85) ? "approve" : "refuse";
    const at = random.chance(0.85) ? soon() : late();
    return { at, do: "permit-change", by: random.one(everyone), step, via: random.one(ways), ...about };
  });
}

/** The change is made again, some hours apart or soon, by its holder and to the same key more often than not. */
function madeAgain(
  random: Random,
  { from, key, operation, by }: { from: number; key: number; operation: DecidedOperation; by: PersonName },
): Act[] {
  let at = from;
  return Array.from({ length: 1 + random.upTo(4) }, () => {
    at += random.one([10 * minute, 80 * minute, 80 * minute, 3 * hour + 20 * minute]) + random.upTo(20 * minute);
    const other = random.chance(0.15);
    if (operation === "alias" && random.chance(0.25)) return { at, do: "change", key, change: "rotate" };
    const again = other ? random.one(["alice", "bob", "mallory", "reaper"] as const) : by;
    return made(operation, { at, key, by: again, to: random.one([0, 0, 0, 1, "back"] as const) });
  });
}
