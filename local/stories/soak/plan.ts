import type { ServiceName } from "../../aws/service-name.ts";
import type { Fault } from "../../world/hub/faults.ts";
import { chance, pick } from "./chance.ts";

/** What becomes of a deletion's event on its way to the guard. */
export type Fate = "on-time" | "lost" | "doubled" | "late" | "forged";

export type KeyKind = "card" | "pin" | "derivation" | "test";
export type PersonName = "alice" | "bob" | "carol" | "mallory" | "reaper";

/** One thing that happens; whatever has to be chosen among what is there then is chosen by `drawn`. */
export type Act =
  | {
      readonly do: "delete";
      readonly key: KeyKind;
      readonly person: PersonName;
      readonly days: number;
      readonly fate: Fate;
      readonly drawn: number;
    }
  | { readonly do: "vote"; readonly person: PersonName; readonly choice: "keep" | "approve"; readonly drawn: number }
  /** A word on a permit for a deletion that is planned, by the command. */
  | {
      readonly do: "permit";
      readonly person: PersonName;
      readonly word: "request" | "approve" | "revoke";
      readonly drawn: number;
    }
  | { readonly do: "restore-by-hand"; readonly drawn: number }
  | { readonly do: "replay"; readonly drawn: number }
  | { readonly do: "break"; readonly service: ServiceName | "slack"; readonly fault: "refuse" | "error" | "hang" }
  | { readonly do: "mend"; readonly service: ServiceName | "slack" }
  | { readonly do: "crash"; readonly function: "guard" | "sweep" | "notify" | "approval" }
  | { readonly do: "jump"; readonly ms: number }
  | { readonly do: "sweep" };

/** `at`: ms of the world's clock since the beginning. */
export type PlannedAct = Act & { readonly at: number };

const minute = 60_000;
const hour = 60 * minute;

/** How often the schedule of the template calls the sweep (ms). */
const sweepEveryMs = 5 * minute;

const services = ["control-plane", "store", "bus", "queue", "secrets", "history", "topic", "archive", "slack"] as const;

/** Everything that is going to happen within `length` (ms of the world's clock): the same seed, the same plan. */
export function makePlan(seed: number, lengthMs: number): readonly PlannedAct[] {
  const plan: PlannedAct[] = [];
  let n = 0;
  for (let at = 0; at < lengthMs; n++) {
    at += 1_000 + chance(seed, n, "gap") * 11_000;
    plan.push(...actsAt(Math.round(at), (purpose) => chance(seed, n, purpose), lengthMs));
  }
  for (let at = sweepEveryMs; at < lengthMs; at += sweepEveryMs) plan.push({ at, do: "sweep" });
  return plan.sort((a, b) => a.at - b.at);
}

function actsAt(at: number, draw: (purpose: string) => number, lengthMs: number): readonly PlannedAct[] {
  const kind = pick<Exclude<Act["do"], "mend" | "sweep">>(draw("what"), [
    ["delete", 46],
    ["vote", 26],
    ["permit", 16],
    ["restore-by-hand", 6],
    ["replay", 6],
    ["break", 5],
    ["crash", 5],
    ["jump", 6],
  ]);
  switch (kind) {
    case "delete":
      return [{ at, do: kind, ...deletion(draw) }];
    case "vote":
      return [
        { at, do: kind, person: voter(draw), choice: draw("choice") < 0.7 ? "approve" : "keep", drawn: draw("which") },
      ];
    case "permit":
      return [{ at, do: kind, person: custodian(draw), word: permitWord(draw), drawn: draw("which") }];
    case "restore-by-hand":
    case "replay":
      return [{ at, do: kind, drawn: draw("which") }];
    case "crash":
      return [
        {
          at,
          do: kind,
          function: pick(draw("function"), [
            ["guard", 4],
            ["sweep", 2],
            ["notify", 2],
            ["approval", 1],
          ]),
        },
      ];
    case "jump":
      return [{ at, do: kind, ms: jump(draw) }];
    case "break":
      return outage(at, draw, lengthMs);
  }
}

function deletion(draw: (purpose: string) => number) {
  return {
    drawn: draw("which"),
    key: pick<KeyKind>(draw("key"), [
      ["card", 4],
      ["pin", 3],
      ["derivation", 2],
      ["test", 3],
    ]),
    person: pick<PersonName>(draw("who"), [
      ["alice", 2],
      ["mallory", 3],
      ["reaper", 5],
    ]),
    days: pick(draw("days"), [
      [3, 3],
      [7, 6],
      [30, 1],
    ]),
    fate: pick<Fate>(draw("fate"), [
      ["on-time", 58],
      ["lost", 14],
      ["doubled", 10],
      ["late", 12],
      ["forged", 6],
    ]),
  };
}

function voter(draw: (purpose: string) => number): PersonName {
  return pick<PersonName>(draw("who"), [
    ["alice", 3],
    ["bob", 4],
    ["carol", 4],
    ["mallory", 1],
  ]);
}

/** Two of them mostly: those who have a say in a permit for the third. */
function custodian(draw: (purpose: string) => number): PersonName {
  return pick<PersonName>(draw("who"), [
    ["alice", 1],
    ["bob", 8],
    ["carol", 8],
    ["mallory", 1],
  ]);
}

function permitWord(draw: (purpose: string) => number) {
  return pick<"request" | "approve" | "revoke">(draw("word"), [
    ["request", 8],
    ["approve", 16],
    ["revoke", 1],
  ]);
}

/** Mostly forward by minutes, now and then by hours, and a little back, as a clock that is set right. */
function jump(draw: (purpose: string) => number): number {
  const kind = pick(draw("kind"), [
    ["minutes", 6],
    ["hours", 3],
    ["back", 2],
  ]);
  const far = draw("far");
  return Math.round(kind === "minutes" ? far * 20 * minute : kind === "hours" ? far * 8 * hour : -far * 30_000);
}

/** A service is down for a while, now and then for an hour; always mended before the end. */
function outage(at: number, draw: (purpose: string) => number, lengthMs: number): readonly PlannedAct[] {
  const service = pick(
    draw("service"),
    services.map((name) => [name, 1] as const),
  );
  const fault = pick<"refuse" | "error" | "hang">(draw("fault"), [
    ["refuse", 2],
    ["error", 2],
    ["hang", 1],
  ]);
  const lastsMs = draw("long") < 0.15 ? hour : 20_000 + draw("lasts") * 220_000;
  return [
    { at, do: "break", service, fault },
    { at: Math.min(Math.round(at + lastsMs), lengthMs), do: "mend", service },
  ];
}

/** What becomes of request number `n` to `service`: mostly nothing. */
export function faultOf(seed: number, service: ServiceName, n: number): Fault {
  if (chance(seed, "fault", service, n) > 0.04) return "up";
  return pick<Fault>(chance(seed, "kind", service, n), [
    ["error", 3],
    ["refuse", 2],
    ["throttle", 3],
    ["slow", 2],
    ["hang", 1],
    ["crash-before", 2],
    ["crash-after", 2],
  ]);
}
