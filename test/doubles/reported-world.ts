import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { decided, detection, toAllow, toAsk, toRestore } from "./case-builder.ts";
import { chainBefore } from "./chain-names.ts";
import { deletionRequest, keyArn, paymentKey } from "./key-world.ts";
import { createLogWorld, hour, type LogWorld } from "./log-world.ts";
import { keepChain } from "./logged-cases.ts";
import { voteBy } from "./vote-deps.ts";

/** An entry, and how long (ms) after the call it is made. */
export type Step = readonly [afterMs: number, body: EntryBody];

/** How a deletion may go on, each from its call to its end. */
export const courses = {
  usable: [
    [0, toRestore],
    [1_000, { kind: "restore-intended", late: false }],
    [2_000, { kind: "key-restored", enabled: true, how: "answered" }],
    [2_345, { kind: "key-usable", how: "answered", timeToUsableMs: 2_345, despiteRule: false }],
  ],
  "left-disabled": [
    [0, toRestore],
    [2_000, { kind: "key-restored", enabled: false, how: "unrecorded" }],
    [3_000, { kind: "key-left-disabled", why: "rule" }],
  ],
  destroyed: [
    [0, toAsk],
    [1_000, { kind: "approval-requested", from: "custodians", quorum: 2, deadline: 9e12 }],
    [2_000, { kind: "vote-cast", vote: voteBy("alice", "approve"), person: "alice", refused: "own-deletion" }],
    [3_000, { kind: "vote-cast", vote: voteBy("bob", "approve"), person: "bob" }],
    [4_000, { kind: "approval-granted", by: ["bob", "carol"], quorum: 2 }],
    [5_000, { kind: "deletion-allowed", by: "approval" }],
    [6_000, { kind: "requester-confirmed", eventId: "e" }],
    [3 * hour, { kind: "key-destroyed", how: "delete-complete" }],
  ],
  lost: [
    [0, decided({ outcome: "restore", usage: "resume" }, { mode: "observe" })],
    [3 * hour, { kind: "key-destroyed", how: "not-found" }],
  ],
  allowed: [
    [0, toAllow],
    [1_000, { kind: "deletion-allowed", by: "rule" }],
  ],
  undecided: [],
  "by-others": [[hour, { kind: "restored-by-others" }]],
  superseded: [
    [0, toRestore],
    [hour, { kind: "deletion-superseded" }],
  ],
  reopened: [
    [0, toRestore],
    [2_000, { kind: "key-restored", enabled: false, how: "answered" }],
    [3_000, { kind: "key-left-disabled", why: "rule" }],
    [2 * hour, { kind: "usage-start-requested", voter: { via: "slack", userId: "U0BOB" }, person: "bob" }],
    [2 * hour + 5_000, { kind: "key-usable", how: "answered", timeToUsableMs: 2 * hour, despiteRule: true }],
  ],
} as const satisfies Readonly<Record<string, readonly Step[]>>;
export type Course = keyof typeof courses;
export const courseNames = Object.keys(courses) as Course[];

/** One deletion of a key: when it was requested, after how long it was seen, and how it went on. Times in ms. */
export interface Told {
  readonly n: number;
  readonly at: number;
  readonly seenAfterMs: number;
  readonly course: Course;
  readonly title?: string;
}

/** Returns the chain of a deletion. */
export function deletionChain({ n, at, seenAfterMs, course, title }: Told): Chain {
  const arn = keyArn(`case${String(n).padStart(12, "0")}`);
  const request = deletionRequest({
    ...{ eventId: `event-${n}`, target: { kind: "arn", arn }, at },
    ...(title !== undefined && { namedAs: title }),
  });
  const first = detection({
    ...{ case: { keyArn: arn, generation: 1 }, key: paymentKey({ arn }), deletePendingAt: at + 3 * 24 * hour, request },
  });
  const steps: readonly Step[] = [[0, first], ...courses[course]];
  return steps.reduce<Chain>(
    (chain, [after, body]) => append(chain, body, at + seenAfterMs + after),
    chainBefore(first),
  );
}

/** A log into which each deletion is written as it happens, hour by hour, for so many hours after `from` (ms). */
export async function reportedWorld(told: readonly Told[], hours: number): Promise<LogWorld> {
  const world = await createLogWorld();
  const { sequence } = world.newSequencer();
  const chains = told.map(deletionChain);
  for (let n = 0; n < hours; n++) {
    world.time.now += hour;
    for (const chain of chains) keepChain(world, upTo(chain, world.time.now));
    for (const [name, texts] of world.table) if (texts.length === 0) world.table.delete(name);
    await sequence([]);
  }
  world.time.now += 60_000;
  return world;
}

/** A chain as it stood at `time` (ms). */
function upTo(chain: Chain, time: number): Chain {
  const count = chain.entries.filter(({ at }) => at < time).length;
  return { ...chain, entries: chain.entries.slice(0, count), texts: chain.texts.slice(0, count) };
}
