import type { Draw } from "./draw.ts";
import { type Act, minute } from "./plan.ts";

/** What hurts more often than chance would do it: each in some plans. */
export function idioms(draw: Draw): Act[] {
  const { swarm } = draw;
  return [
    ...(swarm(0.35) ? deleteUndoDelete(draw) : []),
    ...(swarm(0.25) ? contention(draw) : []),
    ...(swarm(0.1) ? generations(draw) : []),
    ...(swarm(0.15) ? relabelThenDelete(draw) : []),
    ...(swarm(0.03) ? [massDeletion(draw)] : []),
  ];
}

/** Someone deletes, undoes it, and deletes again, within minutes. */
function deleteUndoDelete({ random, keys, at, event }: Draw): Act[] {
  const [key, began, by] = [random.upTo(keys.length), at(), random.one(["alice", "mallory"] as const)];
  const gap = () => 5_000 + random.upTo(random.one([30_000, 5 * minute]));
  const undone = began + gap();
  return [
    { at: began, do: "delete", key, by, days: 3, event: event() },
    { at: undone, do: "restore", key },
    { at: undone + gap(), do: "delete", key, by, days: 3, event: event() },
  ];
}

/** Everybody wants something of one key within a minute. */
function contention({ random, keys, at, event }: Draw): Act[] {
  const [key, began] = [random.upTo(keys.length), at()];
  const soon = () => began + random.upTo(2 * minute);
  const vote = (by: "bob" | "carol", choice: "approve" | "keep"): Act => {
    return { at: soon(), do: "vote", key, by, choice, via: random.one(["slack", "proof"]) };
  };
  return [
    { at: began, do: "delete", key, by: "alice", days: 3, event: random.one(["doubled", event()] as const) },
    ...[vote("bob", "approve"), vote("carol", "approve"), vote("carol", random.one(["keep", "approve"]))],
    { at: soon(), do: "restore", key },
    { at: soon(), do: "delete", key, by: random.one(["alice", "mallory"]), days: 3, event: "doubled" },
    { at: soon(), do: "crash", function: random.one(["guard", "sweep"]) },
  ];
}

/** One key is deleted again and again. */
function generations({ random, keys, at, event }: Draw): Act[] {
  const [key, began] = [random.upTo(keys.length), at()];
  return Array.from({ length: 8 + random.upTo(12) }, (_, n) => {
    return { at: began + n * 12 * minute, do: "delete", key, by: "mallory", days: 3, event: event() } as const;
  });
}

/** Someone makes a key look like a test key, or like none, before the reaper deletes it, or just after. */
function relabelThenDelete({ random, keys, at, event }: Draw): Act[] {
  const [key, began] = [random.upTo(keys.length), at()];
  const later = began + random.one([5_000, 10 * minute, 60 * minute]);
  const relabel: Act = { at: began, do: "relabel", key, as: random.one(["test", "test", "prod"]) };
  const deletion: Act = { at: later, do: "delete", key, by: "reaper", days: 7, event: event() };
  const again: Act = { at: later + random.upTo(10 * minute), do: "relabel", key, as: "test" };
  return [relabel, deletion, ...(random.chance(0.3) ? [again] : [])];
}

function massDeletion({ random, at }: Draw): Act {
  return { at: at(), do: "delete-many", key: 0, count: 40 + random.upTo(260), by: "mallory", days: 3 };
}
