import { describe, expect, it } from "vitest";
import {
  isOwnKey,
  judgePermitCommand,
  type PermitCommand,
  type PermitWish,
} from "../../../lib/domain/approval/permit-command.ts";
import { foldPlannedPermit } from "../../../lib/domain/approval/planned-permit.ts";
import { append, type Chain } from "../../../lib/domain/ledger/chain.ts";
import { permitNameFrom, permitNameText } from "../../../lib/domain/ledger/permit-name.ts";
import type { Voter } from "../../../lib/domain/people/vote.ts";
import { chainBefore } from "../../doubles/chain-names.ts";
import { asking, policyWith } from "../../doubles/guard.ts";
import { day, keyArn, t0 } from "../../doubles/key-world.ts";

const arn = keyArn();
const policy = asking();
const aliceArn = "arn:aws:iam::111122223333:user/alice";
const reaperArn = "arn:aws:iam::111122223333:role/ci/key-reaper";
/** The reaper's role, pinned as it has to be. */
const forReaper = { principal: reaperArn, roleId: "AROAREAPERSEXAMPLE00" };
const wish: PermitWish = { principal: aliceArn, minWaitingMs: 7 * day };
const request = (over: Partial<PermitWish> = {}): PermitCommand => ({
  do: "request",
  keyArn: arn,
  wish: { ...wish, ...over },
  reason: "CHG-9",
});
const approve: PermitCommand = { do: "approve", name: { keyArn: arn, number: 1 }, reason: "agreed" };
const revoke: PermitCommand = { do: "revoke", name: { keyArn: arn, number: 1 }, reason: "changed our minds" };
const voterOf = (name: string): Voter => ({
  via: "aws",
  arn: `arn:aws:iam::111122223333:user/${name}`,
  userId: `AIDA${name}`,
});

type Line = readonly [person: string, command: PermitCommand, after?: number];

/** The chains after all `lines` were submitted in order, and the judgement of the last. */
function saidIn(lines: readonly Line[], under = policy) {
  let chains: readonly Chain[] = [];
  let last: ReturnType<typeof judgePermitCommand> | undefined;
  for (const [person, command, later = 0] of lines) {
    const known = chains.flatMap((chain) => foldPlannedPermit(chain) ?? []);
    const now = t0 + later;
    const judged = judgePermitCommand(known, under, { command, voter: voterOf(person), now });
    const before =
      chains.find((chain) => foldPlannedPermit(chain)?.number === judged.number) ?? chainBefore(judged.entries[0]);
    const chain = judged.entries.reduce((made, body) => append(made, body, now), before);
    if (judged.entries.length > 0) chains = [...chains.filter((each) => each !== before), chain];
    last = judged;
  }
  return {
    verdict: last?.verdict,
    entries: last?.entries ?? [],
    permit: chains[0] && foldPlannedPermit(chains[0]),
    chains,
  };
}

const asked: Line = ["alice", request()];

describe("a permit for a deletion that is planned", () => {
  it("is asked for by one person, and by itself permits nothing", () => {
    const { verdict, permit } = saidIn([asked]);
    const name = { keyArn: arn, number: 1 };
    expect(verdict).toEqual({ kind: "requested", name, from: "custodians", quorum: 2, deadline: t0 + day });
    expect(permit).toMatchObject({
      requestedBy: "alice",
      person: "alice",
      principal: aliceArn,
      rule: "ask",
      used: false,
    });
    expect(permit?.issued).toBeUndefined();
  });

  it("is given with the approval that completes the quorum, in one write", () => {
    expect(saidIn([asked, ["bob", approve]]).verdict).toEqual({
      ...{ kind: "approved", approvals: 1, quorum: 2, from: "custodians" },
    });
    const { verdict, entries, permit } = saidIn([asked, ["bob", approve], ["carol", approve, 1000]]);
    expect(verdict).toEqual({ kind: "issued", until: t0 + 1000 + day });
    expect(entries.map(({ kind }) => kind)).toEqual(["permit-approved", "permit-issued"]);
    expect(permit?.issued).toEqual({
      ...{ keyArn: arn, id: { by: "request", number: 1 }, principal: aliceArn, person: "alice", minWaitingMs: 7 * day },
      ...{ group: "custodians", approvedBy: ["bob", "carol"], proof: ["aws"] },
      ...{ issuedAt: t0 + 1000, until: t0 + 1000 + day },
    });
  });

  it("for anyone who is not known as a person takes one approver more", () => {
    const lines: Line[] = [
      ["dave", request(forReaper)],
      ["alice", approve],
      ["bob", approve],
    ];
    expect(saidIn(lines).verdict).toMatchObject({ kind: "approved", approvals: 2, quorum: 3 });
    expect(saidIn([...lines, ["carol", approve]]).verdict).toMatchObject({ kind: "issued" });
  });

  it.each<[string, Line[]]>([
    ["stranger", [["mallory", request()]]],
    ["stranger", [asked, ["mallory", revoke]]],
    ["no-such-rule", [["alice", request({ rule: "restore-all" })]]],
    ["unknown-person", [["alice", request({ ...forReaper, person: "zed" })]]],
    ["role-id-needed", [["alice", request({ principal: reaperArn })]]],
    ["role-id-needed", [["alice", request({ principal: aliceArn, roleId: forReaper.roleId })]]],
    [
      "person-needed",
      [
        [
          "alice",
          request({ principal: "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_P_0" }),
        ],
      ],
    ],
    ["no-such-permit", [["bob", approve]]],
    ["not-of-the-group", [asked, ["dave", approve]]],
    ["own-permit", [asked, ["alice", approve]]],
    [
      "own-permit",
      [
        ["dave", request()],
        ["alice", approve],
      ],
    ],
    [
      "own-permit",
      [
        ["bob", request({ ...forReaper, person: "dave" })],
        ["bob", approve],
      ],
    ],
    ["unreachable", [["bob", request()]]],
    ["unreachable", [["alice", request(forReaper)]]],
    ["already-approved", [asked, ["bob", approve], ["bob", approve]]],
    ["too-late", [asked, ["bob", approve, day]]],
    ["issued-already", [asked, ["bob", approve], ["carol", approve], ["carol", approve]]],
    ["revoked-already", [asked, ["dave", revoke], ["bob", approve]]],
    ["revoked-already", [asked, ["dave", revoke], ["dave", revoke]]],
    ["too-many", Array.from({ length: 21 }, () => asked)],
  ])("is refused: %s", (why, lines) => {
    const { verdict, entries } = saidIn(lines);
    expect([verdict, entries]).toEqual([{ kind: "refused", why }, []]);
  });

  it("may be approved until the last moment, and asked for again afterwards", () => {
    expect(saidIn([asked, ["bob", approve, day - 1]]).verdict).toMatchObject({ kind: "approved" });
    const { verdict } = saidIn([...Array.from({ length: 20 }, () => asked), ["alice", request(), day]]);
    expect(verdict).toMatchObject({ kind: "requested", name: { number: 21 } });
  });

  it("is taken back by anyone whom the directory knows, also once it was given", () => {
    const { verdict, permit } = saidIn([asked, ["bob", approve], ["carol", approve], ["dave", revoke]]);
    expect([verdict, permit?.revoked]).toEqual([{ kind: "revoked" }, true]);
  });

  it("does not count an approver who has left the group since", () => {
    const first = saidIn([asked, ["bob", approve]]);
    const left = {
      ...policy,
      directory: { ...policy.directory, members: new Map([["custodians", ["alice", "carol"]]]) },
    };
    const known = first.chains.flatMap((chain) => foldPlannedPermit(chain) ?? []);
    const submitted = { command: approve, voter: voterOf("carol"), now: t0 + 1 };
    expect(judgePermitCommand(known, left, submitted).verdict).toMatchObject({
      kind: "approved",
      approvals: 1,
      quorum: 2,
    });
  });

  it("may no more be approved or taken back once it is used", () => {
    const given = saidIn([asked, ["bob", approve], ["carol", approve]]);
    const used = {
      kind: "permit-used",
      permit: { by: "request", number: 1 },
      case: { keyArn: arn, generation: 1 },
      eventId: "e",
    } as const;
    const known = given.chains.flatMap((chain) => foldPlannedPermit(append(chain, used, t0 + 1)) ?? []);
    for (const command of [approve, revoke])
      expect(judgePermitCommand(known, policy, { command, voter: voterOf("dave"), now: t0 + 2 }).verdict).toEqual({
        kind: "refused",
        why: "used-already",
      });
  });

  it("is one of several of its key, each with its own number and its own approvals", () => {
    const second: PermitCommand = { do: "approve", name: { keyArn: arn, number: 2 }, reason: "agreed" };
    const { chains, verdict } = saidIn([asked, ["dave", request()], ["bob", second], ["carol", second]]);
    const states = chains.flatMap((chain) => foldPlannedPermit(chain) ?? []);
    expect(verdict).toMatchObject({ kind: "issued" });
    expect(states.map(({ number, issued }) => [number, issued !== undefined]).toSorted()).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it("may be for a person whom the request names, by the policy's name", () => {
    const shared = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_P_0";
    const pinned = { principal: shared, roleId: "AROAIDPPEZS35WEXAMPLE" };
    const { permit } = saidIn([["alice", request({ ...pinned, person: "dave" })]]);
    expect(permit).toMatchObject({ ...pinned, person: "dave" });
  });

  it("is not counted among the open ones once it is given, taken back or too old", () => {
    const other = (number: number): PermitCommand => ({
      do: "approve",
      name: { keyArn: arn, number },
      reason: "agreed",
    });
    const nineteen: Line[] = Array.from({ length: 19 }, () => asked);
    const given: Line[] = [
      ["dave", request()],
      ["bob", other(20)],
      ["carol", other(20)],
    ];
    const back: Line[] = [
      ["dave", request()],
      ["bob", { do: "revoke", name: { keyArn: arn, number: 20 }, reason: "x" }],
    ];
    for (const settled of [given, back])
      expect(saidIn([...nineteen, ...settled, asked]).verdict).toMatchObject({
        kind: "requested",
        name: { number: 21 },
      });
  });

  it("falls with its rule: what nobody is asked about any more cannot be approved", () => {
    const { chains } = saidIn([asked]);
    const known = chains.flatMap((chain) => foldPlannedPermit(chain) ?? []);
    const submitted = { command: approve, voter: voterOf("bob"), now: t0 + 1 };
    expect(judgePermitCommand(known, policyWith(), submitted).verdict).toEqual({
      kind: "refused",
      why: "no-such-rule",
    });
  });

  it("of the default, where that asks people", () => {
    const ask = { approval: { from: "custodians", quorum: 2, within: "24h" } };
    const { permit } = saidIn([["alice", request({ rule: "default" })]], policyWith([], { default: { ask } }));
    expect(permit).toMatchObject({ rule: "default" });
  });

  it("is of a key of the stack's own account and region", () => {
    const stack = { account: "111122223333", region: "us-east-1" };
    expect(isOwnKey(arn, stack)).toBe(true);
    expect(isOwnKey(arn, { ...stack, account: "999999999999" })).toBe(false);
    expect(isOwnKey(arn, { ...stack, region: "eu-west-1" })).toBe(false);
  });

  it("needs the rule by name where several ask people, or none can be named", () => {
    const rule = (id: string) => ({
      ...{ id, when: { key: { usage: `TR31_${id}` } }, then: "ask" },
      approval: { from: "custodians", quorum: 2, within: "24h" },
    });
    const two = policyWith([
      { ...rule("first"), when: { key: { usage: "TR31_P0_PIN_ENCRYPTION_KEY" } } },
      { ...rule("second"), when: { key: { usage: "TR31_C0_CARD_VERIFICATION_KEY" } } },
    ]);
    expect(saidIn([asked], two).verdict).toEqual({ kind: "refused", why: "no-such-rule" });
    expect(saidIn([["alice", request({ rule: "second" })]], two).verdict).toMatchObject({ kind: "requested" });
    expect(saidIn([asked], policyWith()).verdict).toEqual({ kind: "refused", why: "no-such-rule" });
  });
});

describe("the name of such a permit", () => {
  it("is read as it is written, and nothing else is", () => {
    const name = { keyArn: arn, number: 12 };
    expect(permitNameFrom(permitNameText(name))).toEqual(name);
    const many = { keyArn: arn, number: 999_999 };
    expect(permitNameFrom(permitNameText(many))).toEqual(many);
    for (const text of [`${arn}#1`, `${arn}#p0`, `${arn}#p01`, `${arn}#p1#p1`, "#p1", `${arn}#p1234567`, ""])
      expect(permitNameFrom(text)).toBeUndefined();
  });
});
