import type { Draw } from "./draw.ts";
import { changesBy } from "./generate-changes.ts";
import { faultsBy, noiseBy } from "./generate-faults.ts";
import { idioms } from "./generate-idioms.ts";
import { serviceBy } from "./generate-service.ts";
import { type Act, type EventFate, hour, type KeyKind, minute, type PersonName, type Plan } from "./plan.ts";
import { Random } from "./random.ts";

const kinds: readonly KeyKind[] = ["card", "pin", "derivation", "test"];
const eventFates: readonly EventFate[] = ["on-time", "late", "lost", "doubled", "forged", "framed", "replaced"];
const voters: readonly PersonName[] = ["alice", "bob", "bob", "carol", "carol", "mallory"];

/** Draws a plan from a seed: first which kinds of things happen at all, then what happens. */
export function planOf(seed: number): Plan {
  const random = new Random(seed, "plan");
  const swarm = (likely: number) => random.chance(likely);
  const events = eventFates.filter(() => swarm(0.5));
  const first = random.one(kinds);
  const keys = [first, ...kinds.filter((kind) => kind !== first)].slice(0, 1 + random.upTo(3));
  const days = random.one([[3], [3, 7], [3, 7, 180]] as const);
  const draw: Draw = {
    ...{ random, swarm, keys, days: () => random.one(days) },
    at: () => Math.round(random.next() ** 2 * 20 * hour),
    event: () => (events.length > 0 ? random.one(events) : "on-time"),
  };
  const mode = random.chance(0.7) ? "enforce" : "observe";
  const changes = changesBy(new Random(seed, "changes"), keys);
  const acts = [...deletions(draw), ...people(draw), ...operators(draw), ...idioms(draw), ...changes];
  const plan: Plan = {
    ...{ seed, mode, policy: random.chance(0.8) ? "base" : random.one(["lenient", "strict"]) },
    keys: swarm(0.04) ? [...keys, ...Array.from({ length: 300 }, () => "card" as const)] : keys,
    hostile: swarm(0.2),
    sweepEveryMs: random.one([5, 15, 15, 30]) * minute,
    noise: noiseBy(draw),
    skewsMs: swarm(0.3) ? [0, random.one([1, -1]) * random.one([2_000, 30_000, 240_000])] : [0],
    indexLagMs: random.one([20, 20, 2_000, 10 * minute]),
    historyLagMs: random.one([0, 5 * minute, 14 * minute]),
    faults: faultsBy(draw),
    ...serviceBy(new Random(seed, "service"), draw, acts),
  };
  return isDecided(changes) && new Random(seed, "quiet").chance(0.3) ? quiet(plan) : plan;
}

/** Whether people decide about a change: most of what is promised then is judged only where nothing fails. */
function isDecided(acts: readonly Act[]): boolean {
  return acts.some((act) => act.do === "permit-change" || act.do === "start");
}

/** Acts that keep promises about changes from being judged. */
const unquiet: readonly Act["do"][] = [
  "crash",
  "limit",
  "lock-out",
  "delete-many",
  "delete-in-vain",
  "deploy",
  "pause",
];

/** The same plan where nothing fails, and one policy is enforced all the time. */
function quiet(plan: Plan): Plan {
  const acts = plan.acts.filter((act) => !unquiet.includes(act.do));
  const calm = { faults: [], noise: { rate: 0, fates: [] }, skewsMs: [0], mode: "enforce", policy: "base" } as const;
  return { ...plan, ...calm, keys: plan.keys.slice(0, 3), acts };
}

function times<Made>(count: number, make: () => Made): Made[] {
  return Array.from({ length: count }, make);
}

function deletions({ random, keys, at, event, days }: Draw): Act[] {
  return times(1 + random.upTo(5), () => {
    const by = random.one(["alice", "mallory", "reaper"] as const);
    return { at: at(), do: "delete", key: random.upTo(keys.length), by, days: days(), event: event() };
  });
}

function people({ random, swarm, keys, at }: Draw): Act[] {
  const key = () => random.upTo(keys.length);
  const acts: Act[] = [];
  if (swarm(0.4)) acts.push(...times(random.upTo(4), () => ({ at: at(), do: "restore", key: key() }) as const));
  if (swarm(0.15)) acts.push({ at: at() / 4, do: "stop-usage", key: key() });
  if (swarm(0.5))
    for (let n = random.upTo(6); n > 0; n--) {
      const choice = random.one(["approve", "approve", "keep"] as const);
      const via = random.one(["slack", "proof"] as const);
      acts.push({ at: at(), do: "vote", key: key(), by: random.one(voters), choice, via });
    }
  if (swarm(0.2)) {
    const [about, began] = [key(), at()];
    const rule = random.chance(0.8) ? "base-derivation-keys-wait-for-one" : "pin-keys-need-two-custodians";
    acts.push({ at: began, do: "permit", key: about, by: "bob", step: "request", rule });
    for (const by of ["carol", "bob"] as const)
      acts.push({ at: began + random.upTo(30 * minute), do: "permit", key: about, by, step: "approve" });
    if (swarm(0.3)) acts.push({ at: began + random.upTo(hour), do: "permit", key: about, by: "carol", step: "revoke" });
    acts.push({ at: began + 2 * hour, do: "delete", key: about, by: "alice", days: 3, event: "on-time" });
  }
  return acts;
}

function operators({ random, swarm, at }: Draw): Act[] {
  const acts: Act[] = [];
  if (swarm(0.35))
    for (let n = 1 + random.upTo(2); n > 0; n--) {
      const mode = random.one(["observe", "enforce", "enforce"] as const);
      const policy = random.one(["base", "base", "lenient", "strict"] as const);
      acts.push({ at: at() + 2 * hour, do: "deploy", policy, mode });
    }
  if (swarm(0.15)) {
    const began = at();
    acts.push({ at: began, do: "pause", by: "alice", forMs: random.one([hour, 4 * hour]) });
    acts.push({ at: began + random.upTo(10 * minute), do: "pause", by: "bob", forMs: random.one([hour, 4 * hour]) });
    if (swarm(0.3)) acts.push({ at: began + hour, do: "pause", by: "carol", forMs: "end" });
  }
  if (swarm(0.15)) acts.push({ at: at(), do: "rotate", secret: random.one(["SlackSigningSecret", "SlackBotToken"]) });
  if (swarm(0.35))
    for (let n = 1 + random.upTo(4); n > 0; n--)
      acts.push({
        at: at(),
        do: "crash",
        function: random.one(["guard", "guard", "sweep", "notify", "approval", "votes"]),
      });
  return acts;
}
