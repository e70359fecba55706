import type { Draw } from "./draw.ts";
import { type Fate, fates, type Port } from "./fate.ts";
import { calmFrom, type FaultWindow, hour, minute, type Plan } from "./plan.ts";

const ports: readonly Port[] = [
  ...(["store", "store", "store", "control-plane", "control-plane", "bus", "queue"] as const),
  ...(["secrets", "history", "topic", "archive", "signing", "sts", "slack"] as const),
];
const outages: readonly Fate[] = ["refused", "denied", "throttled", "hanging", "failed", "stalled", "answer-lost"];

/** Windows that heal, and in half of the plans with faults one that never does. */
export function faultsBy({ random, swarm, at }: Draw): FaultWindow[] {
  const windowFates = fates.filter(() => swarm(0.5));
  const lasting = swarm(0.3);
  const count = swarm(0.6) ? 1 + random.upTo(4) : 0;
  const windows = Array.from({ length: count }, () => {
    const from = at();
    const forMs = Math.min(random.one([2 * minute, 20 * minute, 3 * hour, 12 * hour]), calmFrom - from);
    const fate = random.one(windowFates.length > 0 ? windowFates : outages);
    return { from, forMs, port: random.one(ports), calls: callsBy(random), fate, share: random.one([1, 1, 0.5, 0.1]) };
  });
  if (!lasting) return windows;
  const forever = { port: random.one(ports), calls: callsBy(random), fate: random.one(outages), share: 1 };
  return [...windows, { from: at(), forMs: null, ...forever }];
}

function callsBy(random: Draw["random"]) {
  return random.one(["read", "write", "write", "all"] as const);
}

export function noiseBy({ random, swarm }: Draw): Plan["noise"] {
  const own = fates.filter(() => swarm(0.4));
  return swarm(0.5) || own.length === 0 ? { rate: 0, fates: [] } : { rate: random.next() * 0.06, fates: own };
}
