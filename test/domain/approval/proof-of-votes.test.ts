import { describe, expect, it } from "vitest";
import { judgeVote, standingOf } from "../../../lib/domain/approval/dual-control.ts";
import { foldPermit, permitOf, permits } from "../../../lib/domain/approval/permit.ts";
import { judgePermitCommand, type PermitCommand } from "../../../lib/domain/approval/permit-command.ts";
import { foldPlannedPermit } from "../../../lib/domain/approval/planned-permit.ts";
import { append, type Chain } from "../../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import type { Permit } from "../../../lib/domain/ledger/permit-terms.ts";
import type { Vote, Voter, VoteWay } from "../../../lib/domain/people/vote.ts";
import { compareStrictness } from "../../../lib/domain/policy/strictness.ts";
import { caseWith, decided, detection } from "../../doubles/case-builder.ts";
import { chainBefore } from "../../doubles/chain-names.ts";
import { directoryOf } from "../../doubles/directory.ts";
import { asking } from "../../doubles/guard.ts";
import { day, deletionRequest, keyArn, t0 } from "../../doubles/key-world.ts";

const directory = directoryOf();
const now = t0 + 60_000;

function effectWith(proof?: readonly VoteWay[], quorum = 2) {
  const terms = { from: "custodians", quorum, withinMs: day, meanwhile: "restored", permitForMs: day } as const;
  return { outcome: "ask", usage: "resume", approval: { ...terms, ...(proof && { proof }) } } as const;
}

const voterBy = (person: string, via: VoteWay): Voter =>
  via === "slack"
    ? { via, userId: `U0${person.toUpperCase()}` }
    : { via, arn: `arn:aws:iam::111122223333:user/${person}`, userId: `AIDA${person.toUpperCase()}` };
const voteBy = (person: string, via: VoteWay, choice: Vote["choice"] = "approve"): Vote => ({
  ...{ id: `${choice}-${person}-${via}`, choice, reason: "CHG-1" },
  voter: voterBy(person, via),
});

const opened = (proof?: readonly VoteWay[]): EntryBody[] => [
  detection(),
  decided(effectWith(proof), { approvers: ["alice", "bob", "carol"] }),
  { kind: "restore-intended", late: false },
  { kind: "key-restored", enabled: true, how: "answered" },
  { kind: "key-usable", how: "answered", despiteRule: false },
  { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + day },
];

function after(bodies: readonly EntryBody[], ...votes: readonly Vote[]): EntryBody[] {
  const all = [...bodies];
  for (const vote of votes) all.push(...judgeVote(caseWith(...all), directory, vote, now).entries);
  return all;
}

describe("an approval under a rule that asks for proof by AWS", () => {
  it("in Slack is refused with a reason of its own, and is on record", () => {
    const { entries, verdict } = judgeVote(caseWith(...opened(["aws"])), directory, voteBy("bob", "slack"), now);
    expect(verdict).toEqual({ kind: "refused", why: "proof-not-accepted" });
    expect(entries).toMatchObject([{ kind: "vote-cast", person: "bob", refused: "proof-not-accepted" }]);
  });

  it("proven by AWS counts, also after the same person was refused in Slack", () => {
    const bodies = after(opened(["aws"]), voteBy("bob", "slack"), voteBy("carol", "slack"), voteBy("bob", "aws"));
    expect(standingOf(caseWith(...bodies), directory)).toMatchObject({ approvedBy: ["bob"], reached: false });
    const last = judgeVote(caseWith(...bodies), directory, voteBy("carol", "aws"), now);
    expect(last.verdict).toEqual({ kind: "counted", person: "carol", state: "granted", approvals: 2, quorum: 2 });
  });

  it("INVARIANT: in Slack counts for nothing, even where someone wrote it to the record as counted", () => {
    const forged = ["bob", "carol"].map(
      (person): EntryBody => ({
        ...{ kind: "vote-cast", vote: voteBy(person, "slack"), person },
      }),
    );
    const state = caseWith(...opened(["aws"]), ...forged);
    expect(standingOf(state, directory)).toMatchObject({ approvedBy: [], reached: false });
    expect(standingOf(caseWith(...opened(), ...forged), directory)).toMatchObject({ reached: true });
  });

  it("is refused for who it is by before how it is proven", () => {
    const state = caseWith(...opened(["aws"]));
    expect(judgeVote(state, directory, voteBy("alice", "slack"), now).verdict).toMatchObject({ why: "own-deletion" });
    expect(judgeVote(state, directory, voteBy("dave", "slack"), now).verdict).toMatchObject({ why: "not-an-approver" });
  });

  it.each<VoteWay>(["slack", "aws"])("leaves everybody free to keep the key by %s", (via) => {
    for (const proof of [["aws"], ["slack"], undefined] as const)
      expect(judgeVote(caseWith(...opened(proof)), directory, voteBy("bob", via, "keep"), now).verdict).toEqual({
        kind: "counted",
        person: "bob",
        state: "kept",
      });
  });
});

it("an approval by AWS is refused under a rule that counts Slack alone", () => {
  const state = caseWith(...opened(["slack"]));
  expect(judgeVote(state, directory, voteBy("bob", "aws"), now).verdict).toMatchObject({ why: "proof-not-accepted" });
});

describe("strictness", () => {
  it("grows with the proof that is asked for", () => {
    const ranked = [effectWith(), effectWith(["slack"]), effectWith(["aws"])];
    for (const [n, weaker] of ranked.entries())
      for (const stronger of ranked.slice(n + 1)) expect(compareStrictness(weaker, stronger)).toBeLessThan(0);
    expect(compareStrictness(effectWith(["aws"], 1), effectWith(undefined, 2))).toBeLessThan(0);
  });
});

describe("a permit", () => {
  const granted = (...via: [VoteWay, VoteWay]) =>
    caseWith(...after(opened(), voteBy("bob", via[0]), voteBy("carol", via[1])));
  const permitBy = (...via: [VoteWay, VoteWay]) => permitOf(granted(...via), directory, now) as Permit;
  const again = (proof?: readonly VoteWay[]) => {
    const request = deletionRequest({ eventId: "22222222-2222-4222-8222-222222222222", at: now + 1000 });
    const name = { keyArn: keyArn(), generation: 2 };
    return caseWith(
      detection({ case: name, deletePendingAt: request.at + 3 * day, request }),
      decided(effectWith(proof)),
    );
  };
  const lets = (permit: Permit, proof?: readonly VoteWay[]) => {
    const body: EntryBody = { kind: "permit-issued", permit };
    const state = foldPermit(append(chainBefore(body), body, now));
    return state !== undefined && permits(state, again(proof), directory);
  };

  it("states in which ways its approvers proved who they are", () => {
    expect(permitBy("slack", "slack").proof).toEqual(["slack"]);
    expect(permitBy("aws", "aws").proof).toEqual(["aws"]);
    expect(permitBy("aws", "slack").proof).toEqual(["slack", "aws"]);
  });

  it("lets a deletion pass only if all of them are ways that the key's own rule counts", () => {
    expect(lets(permitBy("aws", "aws"), ["aws"])).toBe(true);
    expect(lets(permitBy("aws", "slack"), ["aws"])).toBe(false);
    expect(lets(permitBy("slack", "slack"), ["aws"])).toBe(false);
    expect(lets(permitBy("aws", "slack"))).toBe(true);
  });
});

describe("the approval of a permit for a planned deletion", () => {
  const arn = keyArn();
  const wish = { principal: "arn:aws:iam::111122223333:user/alice", minWaitingMs: 7 * day };
  const approve: PermitCommand = { do: "approve", name: { keyArn: arn, number: 1 }, reason: "agreed" };

  function afterCommands(policy: ReturnType<typeof asking>, ...approvals: readonly (readonly [string, VoteWay])[]) {
    const request: PermitCommand = { do: "request", keyArn: arn, wish, reason: "CHG" };
    const { entries } = judgePermitCommand([], policy, { command: request, voter: voterBy("dave", "aws"), now });
    let chain: Chain = entries.reduce((made, body) => append(made, body, now), chainBefore(entries[0]));
    let last: object | undefined;
    for (const [person, via] of approvals) {
      const known = [foldPlannedPermit(chain)].filter((each) => each !== undefined);
      const judged = judgePermitCommand(known, policy, { command: approve, voter: voterBy(person, via), now });
      chain = judged.entries.reduce((made, body) => append(made, body, now), chain);
      last = judged.verdict;
    }
    return { verdict: last, permit: foldPlannedPermit(chain) };
  }

  it("is refused where its proof does not count", () => {
    const { verdict, permit } = afterCommands(asking({ proof: ["aws"] }), ["bob", "slack"]);
    expect(verdict).toEqual({ kind: "refused", why: "proof-not-accepted" });
    expect(permit?.approvals).toEqual([]);
  });

  it("given before the rule asked for another proof has to be given again", () => {
    const before = afterCommands(asking(), ["bob", "slack"]).permit;
    const known = before === undefined ? [] : [before];
    const now2 = { command: approve, now };
    const strict = asking({ proof: ["aws"] });
    expect(judgePermitCommand(known, strict, { ...now2, voter: voterBy("carol", "aws") }).verdict).toMatchObject({
      kind: "approved",
      approvals: 1,
      quorum: 2,
    });
    expect(judgePermitCommand(known, strict, { ...now2, voter: voterBy("bob", "aws") }).verdict).toMatchObject({
      kind: "approved",
      approvals: 1,
      quorum: 2,
    });
  });

  it("is part of the permit", () => {
    const { permit } = afterCommands(asking(), ["bob", "slack"], ["carol", "aws"]);
    expect(permit?.issued).toMatchObject({ approvedBy: ["bob", "carol"], proof: ["slack", "aws"] });
  });
});
