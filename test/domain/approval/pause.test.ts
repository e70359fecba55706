import { describe, expect, it } from "vitest";
import { foldPause, isPaused, judgePause, leavesTime, type PauseRequest } from "../../../lib/domain/approval/pause.ts";
import { append, type Chain, emptyChain } from "../../../lib/domain/ledger/chain.ts";
import { pauseChainName } from "../../../lib/domain/ledger/chain-name.ts";
import type { Voter } from "../../../lib/domain/people/vote.ts";
import { directoryOf } from "../../doubles/directory.ts";
import { everybody } from "../../doubles/guard.ts";
import { day, keyArn, paymentKey, t0 } from "../../doubles/key-world.ts";

const hour = 3_600_000;
const terms = { from: "custodians", atMostMs: 4 * hour };
const directory = directoryOf();
const voterOf = (name: string): Voter => ({
  via: "aws",
  arn: `arn:aws:iam::111122223333:user/${name}`,
  userId: `AIDA${name.toUpperCase()}`,
});
const pauseFor = (forMs: number): PauseRequest => ({ do: "pause", forMs, reason: "INC-7" });
const end: PauseRequest = { do: "end", reason: "mended" };

/** The chain after `name` has submitted `request` at `t0 + after` (ms), and the judgement. */
function say(
  chain: Chain,
  name: string,
  request: PauseRequest,
  after: number,
  over: { terms?: typeof terms | undefined } = { terms },
) {
  const submitted = { request, voter: voterOf(name), now: t0 + after };
  const { entries, number, verdict } = judgePause(foldPause(chain), over.terms, directory, submitted);
  const before = verdict.kind === "requested" ? emptyChain(pauseChainName(number)) : chain;
  return { chain: entries.reduce((made, body) => append(made, body, t0 + after), before), number, verdict };
}

const none = emptyChain(pauseChainName(1));
const requested = say(none, "alice", pauseFor(2 * hour), 0).chain;
const granted = say(requested, "bob", pauseFor(4 * hour), hour - 1).chain;
const pausedAt = (chain: Chain, at: number, over: object = {}) =>
  isPaused(foldPause(chain), { ...terms, ...over }, directory, t0 + at);

describe("a pause", () => {
  it("is asked for by one person, and by itself pauses nothing", () => {
    const { verdict, number } = say(none, "alice", pauseFor(2 * hour), 0);
    const first = { kind: "requested", from: "custodians", deadline: t0 + hour };
    expect({ verdict, number }).toEqual({ verdict: first, number: 1 });
    expect(pausedAt(requested, 1)).toBe(false);
  });

  it("begins when a second person agrees, and lasts as long as the shorter of both wants", () => {
    const { verdict } = say(requested, "bob", pauseFor(4 * hour), 1000);
    expect(verdict).toEqual({ kind: "granted", until: t0 + 1000 + 2 * hour });
    expect(say(requested, "bob", pauseFor(hour), 0).verdict).toEqual({ kind: "granted", until: t0 + hour });
  });

  it("ends by itself", () => {
    const until = hour - 1 + 2 * hour;
    expect([hour - 2, hour - 1, until - 1, until].map((at) => pausedAt(granted, at))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("is ended by one person whom the directory knows, of the group or not", () => {
    const { chain, verdict } = say(granted, "dave", end, 2 * hour);
    expect(verdict).toEqual({ kind: "ended" });
    expect(pausedAt(chain, 2 * hour)).toBe(false);
    expect(foldPause(chain)).toMatchObject({ number: 1, endedBy: "dave" });
  });

  it("may be asked for again under the next number once one is over", () => {
    expect(say(granted, "bob", pauseFor(hour), 5 * hour)).toMatchObject({ number: 2, verdict: { kind: "requested" } });
    expect(say(requested, "bob", pauseFor(hour), hour)).toMatchObject({ number: 2, verdict: { kind: "requested" } });
  });

  it("that was withdrawn, or was over within the hour, is not agreed to by the person who comes next: that is a new request", () => {
    const withdrawn = say(requested, "dave", end, 1000).chain;
    expect(say(withdrawn, "bob", pauseFor(hour), 2000)).toMatchObject({ number: 2, verdict: { kind: "requested" } });
    const short = say(say(none, "alice", pauseFor(60_000), 0).chain, "bob", pauseFor(60_000), 0).chain;
    expect(say(short, "carol", pauseFor(hour), 120_000)).toMatchObject({ number: 2, verdict: { kind: "requested" } });
    expect(say(short, "carol", end, 120_000).verdict).toEqual({ kind: "refused", why: "nothing-to-end" });
  });

  it("may last as long as the terms allow, to the millisecond", () => {
    const longest = say(say(none, "alice", pauseFor(4 * hour), 0).chain, "bob", pauseFor(4 * hour), 0).chain;
    expect([0, 4 * hour - 1, 4 * hour].map((at) => pausedAt(longest, at))).toEqual([true, true, false]);
  });

  it.each<[string, Chain, string, PauseRequest, number, string]>([
    ["a stranger", none, "mallory", pauseFor(hour), 0, "stranger"],
    ["someone of another group", none, "dave", pauseFor(hour), 0, "not-of-the-group"],
    ["a second request of the same person", requested, "alice", pauseFor(hour), 1, "same-person"],
    ["a longer pause than the policy allows", none, "alice", pauseFor(4 * hour + 1), 0, "too-long"],
    ["a pause within a pause", granted, "carol", pauseFor(hour), hour, "paused-already"],
    ["an end of nothing", none, "alice", end, 0, "nothing-to-end"],
    ["an end of a pause that is over", granted, "alice", end, 4 * hour, "nothing-to-end"],
    ["an end of a request that nobody answered", requested, "bob", end, hour, "nothing-to-end"],
    ["an end by a stranger", granted, "mallory", end, hour, "stranger"],
  ])("refuses %s, and adds nothing", (_, chain, name, request, after, why) => {
    const answer = say(chain, name, request, after);
    expect(answer.verdict).toEqual({ kind: "refused", why });
    expect(answer.chain).toBe(chain);
  });

  it("is refused to everybody where the policy names nobody", () => {
    const without = { terms: undefined };
    expect(say(none, "alice", pauseFor(hour), 0, without).verdict).toEqual({ kind: "refused", why: "no-pauses" });
  });

  it("does not hold once one of the two has left the group, or the terms have become shorter, or are gone", () => {
    const at = t0 + hour;
    const { alice: _, ...rest } = everybody;
    const withoutAlice = { ...directory, members: new Map([["custodians", Object.keys(rest)]]) };
    expect(isPaused(foldPause(granted), terms, directory, at)).toBe(true);
    expect(isPaused(foldPause(granted), terms, withoutAlice, at)).toBe(false);
    expect(pausedAt(granted, hour, { atMostMs: hour })).toBe(false);
    expect(pausedAt(granted, hour, { from: "operators" })).toBe(false);
    expect(isPaused(foldPause(granted), undefined, directory, at)).toBe(false);
  });

  it("does not hold at the request of one person alone, whatever the record says", () => {
    const voter = voterOf("alice");
    const forged = append(
      requested,
      { kind: "pause-granted", voter, person: "alice", reason: "me too", until: t0 + hour },
      t0,
    );
    expect(pausedAt(forged, 1)).toBe(false);
  });

  it("does not hold for a key with less than a day left", () => {
    const pending = { kind: "pending", key: paymentKey(), deletePendingAt: t0 + 3 * day } as const;
    expect(leavesTime(pending, t0 + 2 * day - 1)).toBe(true);
    expect(leavesTime(pending, t0 + 2 * day)).toBe(false);
    expect(leavesTime({ kind: "live", key: paymentKey() }, t0)).toBe(true);
    expect(leavesTime({ kind: "absent", arn: keyArn() } as never, t0)).toBe(true);
  });
});
