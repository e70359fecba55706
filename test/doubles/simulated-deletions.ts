import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { append, type Chain, emptyChain } from "../../lib/domain/ledger/chain.ts";
import type { BodyOf, EntryBody } from "../../lib/domain/ledger/entry.ts";
import { chainOfCall } from "../../lib/domain/stack/refused-calls.ts";
import { decided, detection, toRestore } from "./case-builder.ts";
import { chainBefore } from "./chain-names.ts";
import { byRole, ofKey, place, trailRecord } from "./cloudtrail-files.ts";
import { deletionRequest, keyArn, paymentKey } from "./key-world.ts";

/** The role of the guard, as the template names it. */
export const guardRole = "reprieve-dev-guard-us-east-1";

/** What may go wrong with one deletion between CloudTrail and the trail, or be out of the ordinary. */
export const oddities = [
  ...(["none", "lost", "forged", "twice", "other-key", "other-time", "missed", "hidden", "delivered-again"] as const),
  ...(["corrected", "failed", "restored-unrecorded", "restored-falsely", "restored-by-others", "observed"] as const),
  ...(["started", "started-falsely", "started-once", "failed-lost", "failed-forged", "failed-twice"] as const),
  ...(["failed-elsewhere", "failed-counted", "failed-overcounted", "failed-by-others"] as const),
] as const;
export type Oddity = (typeof oddities)[number];

/** What a reconciliation has to find of each: the classes of its differences, and whether the call counts, and as matched. */
export const expectedOf: Readonly<
  Record<
    Oddity,
    { readonly classes: string; readonly events: 0 | 1; readonly matched: 0 | 1; readonly failed?: number }
  >
> = {
  none: { classes: "", events: 1, matched: 1 },
  lost: { classes: "A", events: 1, matched: 0 },
  forged: { classes: "F", events: 0, matched: 0 },
  twice: { classes: "B", events: 1, matched: 0 },
  "other-key": { classes: "C", events: 1, matched: 0 },
  "other-time": { classes: "D", events: 1, matched: 0 },
  missed: { classes: "E", events: 0, matched: 0 },
  hidden: { classes: "AE", events: 1, matched: 0 },
  "delivered-again": { classes: "", events: 1, matched: 1 },
  corrected: { classes: "", events: 1, matched: 1 },
  failed: { classes: "", events: 0, matched: 0, failed: 1 },
  "failed-lost": { classes: "M", events: 0, matched: 0, failed: 1 },
  "failed-forged": { classes: "N", events: 0, matched: 0 },
  "failed-twice": { classes: "N", events: 0, matched: 0, failed: 1 },
  "failed-elsewhere": { classes: "MN", events: 0, matched: 0, failed: 1 },
  "failed-counted": { classes: "", events: 0, matched: 0, failed: 3 },
  "failed-overcounted": { classes: "M", events: 0, matched: 0, failed: 2 },
  "failed-by-others": { classes: "MN", events: 0, matched: 0, failed: 1 },
  "restored-unrecorded": { classes: "G", events: 1, matched: 1 },
  "restored-falsely": { classes: "H", events: 1, matched: 1 },
  "restored-by-others": { classes: "I", events: 1, matched: 1 },
  observed: { classes: "K", events: 1, matched: 1 },
  started: { classes: "", events: 1, matched: 1 },
  "started-falsely": { classes: "H", events: 1, matched: 1 },
  "started-once": { classes: "H", events: 1, matched: 1 },
};

/** One deletion: the records that CloudTrail has of it, and the chains that the trail has. */
export interface SimulatedDeletion {
  readonly records: readonly object[];
  readonly chains: readonly Chain[];
}

const idOf = (n: number, kind: number) =>
  `${String(kind).padStart(8, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** Returns the `n`th deletion, called at `at` (ms, a whole second), with its oddity. */
export function simulateDeletion(n: number, at: number, oddity: Oddity): SimulatedDeletion {
  const arn = keyArn(`simulated${String(n).padStart(8, "0")}`);
  const eventId = idOf(n, 1);
  const call = trailRecord(eventId, at, "DeleteKey", ofKey(arn));
  const restore = (role: string) =>
    trailRecord(idOf(n, 2), at + 2_000, "RestoreKey", { ...ofKey(arn), ...byRole(role) });
  const start = trailRecord(idOf(n, 4), at + 2_000, "StartKeyUsage", { ...ofKey(arn), ...byRole(guardRole) });
  const chain = (over: Parameters<typeof chainOf>[1] = {}) => chainOf({ arn, eventId, at }, over);
  const usual = { records: [call, restore(guardRole)], chains: [chain()] };
  switch (oddity) {
    case "none":
      return usual;
    case "lost":
      return { records: [call], chains: [] };
    case "forged":
      return { records: [], chains: [chain({ restored: false })] };
    case "twice":
      return { ...usual, chains: [chain(), chain({ generation: 2, restored: false })] };
    case "other-key":
      return {
        records: [{ ...call, ...ofKey(keyArn(`another00${String(n).padStart(8, "0")}`)) }, restore(guardRole)],
        chains: usual.chains,
      };
    case "other-time":
      return { ...usual, chains: [chain({ requestAt: at - 1_000 })] };
    case "missed":
      return { records: [restore(guardRole)], chains: [chain({ hasRequest: false })] };
    case "hidden":
      return { ...usual, chains: [chain({ hasRequest: false })] };
    case "delivered-again":
      return { ...usual, records: [...usual.records, call] };
    case "corrected": {
      const addendum = { reason: "UPDATED_DATA", originalEventID: eventId };
      return { ...usual, records: [...usual.records, { ...call, eventID: idOf(n, 3), addendum }] };
    }
    case "failed":
    case "failed-lost":
    case "failed-forged":
    case "failed-twice":
    case "failed-elsewhere":
    case "failed-counted":
    case "failed-overcounted":
    case "failed-by-others":
      return simulateFailure(n, at, oddity);
    case "restored-unrecorded":
      return { ...usual, chains: [chain({ restored: false })] };
    case "restored-falsely":
      return { ...usual, records: [call] };
    case "restored-by-others":
      return { records: [call, restore("ops/alice")], chains: [chain({ restored: false })] };
    case "observed":
      return { records: [call], chains: [chain({ restored: false, observed: true })] };
    case "started":
      return { records: [...usual.records, start], chains: [chain({ starts: 1 })] };
    case "started-falsely":
      return { ...usual, chains: [chain({ starts: 1 })] };
    case "started-once":
      return { records: [...usual.records, start], chains: [chain({ starts: 2 })] };
  }
}

/** Returns calls of a principal of their own that failed, and the chain of them. */
function simulateFailure(n: number, at: number, oddity: Oddity): SimulatedDeletion {
  const arn = keyArn(`simulated${String(n).padStart(8, "0")}`);
  const userArn = (name: string) => `arn:aws:iam::${place.account}:user/${name}${n}`;
  const record = (kind: number) => {
    const userIdentity = { type: "IAMUser", arn: userArn("alice"), accountId: place.account };
    return { ...trailRecord(idOf(n, kind), at, "DeleteKey", ofKey(arn)), userIdentity, errorCode: "ConflictException" };
  };
  const entry = ({ name = "alice", calledAt = at } = {}): BodyOf<"call-refused"> => {
    const requester = { kind: "user", account: place.account, userArn: userArn(name) } as const;
    const call = { operation: "DeleteKey", identifier: arn, eventId: idOf(n, 1), errorCode: "ConflictException" };
    return { kind: "call-refused", ...call, calledAt, requester };
  };
  const chain = (first: BodyOf<"call-refused">, ...more: readonly EntryBody[]) =>
    [first, ...more].reduce<Chain>((before, body) => append(before, body, at + 2_500), emptyChain(chainOfCall(first)));
  const counted = { kind: "calls-not-recorded", count: 2 } as const;
  const one = { records: [record(1)], chains: [chain(entry())] };
  switch (oddity) {
    case "failed-lost":
      return { ...one, chains: [] };
    case "failed-forged":
      return { ...one, records: [] };
    case "failed-twice":
      return { ...one, chains: [chain(entry(), entry())] };
    case "failed-elsewhere":
      return { ...one, chains: [chain(entry({ calledAt: at - 60_000 }))] };
    case "failed-by-others":
      return { ...one, chains: [chain(entry({ name: "mallory" }))] };
    case "failed-counted":
      return { records: [record(1), record(2), record(3)], chains: [chain(entry(), counted)] };
    case "failed-overcounted":
      return { records: [record(1), record(2)], chains: [chain(entry(), counted)] };
    default:
      return one;
  }
}

interface About {
  readonly arn: KeyArn;
  readonly eventId: string;
  readonly at: number;
}

function chainOf(
  { arn, eventId, at }: About,
  { generation = 1, hasRequest = true, requestAt = at, restored = true, observed = false, starts = 0 },
): Chain {
  const request = deletionRequest({ eventId, at: requestAt, target: { kind: "arn", arn } });
  const { request: _request, ...bare } = detection({ case: { keyArn: arn, generation }, key: paymentKey({ arn }) });
  const first: EntryBody = hasRequest ? { ...bare, request } : { ...bare, source: "sweep" };
  const bodies: readonly EntryBody[] = [
    first,
    observed ? decided(toRestore.effect, { mode: "observe" }) : toRestore,
    ...(hasRequest ? [] : [{ kind: "event-missed" } as const]),
    { kind: "restore-intended", late: false },
    ...(restored ? [{ kind: "key-restored", enabled: starts === 0, how: "answered" } as const] : []),
    ...(starts === 0 ? [] : [{ kind: "usage-start-intended", evidence: "stopped-by-deletion" } as const]),
    ...Array.from({ length: starts }, () => ({ kind: "key-usable", how: "answered", despiteRule: false }) as const),
  ];
  return bodies.reduce<Chain>((chain, body) => append(chain, body, at + 2_500), chainBefore(first));
}
