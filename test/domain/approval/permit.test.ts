import { describe, expect, it } from "vitest";
import { foldPermit, isLive, isUsable, permitIdOf, permitOf, permits } from "../../../lib/domain/approval/permit.ts";
import type { Case } from "../../../lib/domain/case/case.ts";
import type { Keep } from "../../../lib/domain/case/keep.ts";
import type { DeletionRequest } from "../../../lib/domain/deletion/request.ts";
import { append, type Chain } from "../../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import type { Permit } from "../../../lib/domain/ledger/permit-terms.ts";
import { caseWith, decided, detection, toAsk } from "../../doubles/case-builder.ts";
import { chainBefore, emptyCase } from "../../doubles/chain-names.ts";
import { directoryOf } from "../../doubles/directory.ts";
import { everybody } from "../../doubles/guard.ts";
import { alice, day, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../../doubles/key-world.ts";

const directory = directoryOf();
const hour = 3_600_000;
const issuedAt = t0 + hour;
const asked = decided(toAsk.effect, { approvers: ["alice", "bob", "carol"] });

function granted(request: DeletionRequest | undefined): Case {
  const approval = (person: string): EntryBody => ({
    kind: "vote-cast",
    vote: { id: person, choice: "approve", voter: { via: "slack", userId: `U0${person}` }, reason: "CHG-1" },
    person,
  });
  return caseWith(
    detection({ request, source: "event" } as never),
    asked,
    { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + day },
    approval("bob"),
    approval("carol"),
    { kind: "approval-granted", by: ["bob", "carol"], quorum: 2 },
  );
}

describe("the permit that approvers give", () => {
  it("is for one principal and person, one key, as much notice, until a time", () => {
    expect(permitOf(granted(deletionRequest()), directory, issuedAt)).toEqual({
      keyArn: keyArn(),
      id: { by: "case", generation: 1 },
      principal: (alice as { roleArn: string }).roleArn,
      roleId: "AROAIDPPEZS35WEXAMPLE",
      person: "alice",
      minWaitingMs: 3 * day,
      group: "custodians",
      approvedBy: ["bob", "carol"],
      proof: ["slack"],
      issuedAt,
      until: issuedAt + day,
    });
  });

  it.each<[string, DeletionRequest | undefined]>([
    ["nobody", undefined],
    ["an unknown requester", deletionRequest({ requester: { kind: "unknown" } })],
    ["a whole account", deletionRequest({ requester: { kind: "account", account: "111122223333" } })],
    ["a service", deletionRequest({ requester: { kind: "service", service: "config.amazonaws.com" } })],
  ])("is not given to %s", (_, request) => {
    expect(permitOf(granted(request), directory, issuedAt)).toBe("requester-unknown");
  });

  it("is not given before they have", () => {
    expect(permitOf(caseWith(detection(), asked), directory, issuedAt)).toBeUndefined();
  });
});

const permit = permitOf(granted(deletionRequest()), directory, issuedAt) as Permit;
const dave = {
  kind: "user",
  account: "111122223333",
  userArn: "arn:aws:iam::111122223333:user/dave",
} as const;
const deployer = {
  kind: "role-session",
  account: "111122223333",
  roleArn: "arn:aws:iam::111122223333:role/ci/deployer",
} as const;
const { person: _person, roleId: _roleId, ...unnamed } = permit;
const forDeployer = { principal: deployer.roleArn, person: undefined, roleId: undefined } as never as Partial<Permit>;
const planned: EntryBody = {
  ...{ kind: "permit-requested", keyArn: keyArn(), number: 3, rule: "r", principal: "p", minWaitingMs: 0 },
  ...{ deadline: t0 + day, voter: { via: "slack", userId: "U0A" }, person: "alice", reason: "x" },
};
const issuedPlanned: EntryBody = { kind: "permit-issued", permit: { ...permit, id: { by: "request", number: 3 } } };
const chainOf = (...bodies: readonly EntryBody[]) =>
  bodies.reduce<Chain>((chain, body, n) => append(chain, body, issuedAt + n), chainBefore(bodies[0]));
const used = (generation: number, eventId: string): EntryBody => ({
  kind: "permit-used",
  permit: permit.id,
  case: { keyArn: keyArn(), generation },
  eventId,
});
const eventId = "22222222-2222-4222-8222-222222222222";
/** The deletion repeated: by alice, an hour after the permit, with three days' notice. */
function repeated(overrides: Partial<DeletionRequest> = {}, waitingMs = 3 * day, effect = asked): Case {
  const request = deletionRequest({ eventId, at: issuedAt + hour, ...overrides });
  return caseWith(
    detection({
      case: { keyArn: keyArn(), generation: 2 },
      key: paymentKey(),
      deletePendingAt: request.at + waitingMs,
      request,
    }),
    effect,
  );
}
/** The same, with a second record that was taken in: both are alice's, and of the same second. */
function deletedAgain(): Case {
  const request = deletionRequest({ eventId, at: issuedAt + hour });
  const name = { keyArn: keyArn(), generation: 2 };
  const first = detection({ case: name, deletePendingAt: request.at + 3 * day, request });
  const second = { ...request, eventId: "44444444-4444-4444-8444-444444444444" };
  return caseWith(first, detection({ ...first, request: second }), asked);
}
const allows = (newest: Case, ...more: readonly EntryBody[]) => {
  const state = foldPermit(chainOf({ kind: "permit-issued", permit }, ...more));
  return state !== undefined && permits(state, newest, directory);
};
/** The same for a permit of other terms, another directory, or after a Keep. */
const allowsWith = (terms: Partial<Permit>, newest = repeated(), now = directory, keep?: Keep) => {
  const state = foldPermit(chainOf({ kind: "permit-issued", permit: { ...permit, ...terms } }));
  return state !== undefined && permits(state, newest, now, keep);
};
const under = (approval: object) =>
  repeated({}, 3 * day, decided({ ...toAsk.effect, approval: { ...approvalOf(), ...approval } } as never));

describe("a permit lets a deletion pass", () => {
  it("that repeats the approved one", () => expect(allows(repeated())).toBe(true));
  it("again on a retry of the very same one", () => expect(allows(repeated(), used(2, eventId))).toBe(true));

  it.each<[string, Case, readonly EntryBody[]]>([
    ["once", repeated(), [used(2, "33333333-3333-4333-8333-333333333333")]],
    ["in one case", repeated(), [used(3, eventId)]],
    ["not after someone kept the key", repeated(), [{ kind: "permit-revoked", permit: permit.id, by: "dave" }]],
    ["not at the very time of its issue", repeated({ at: issuedAt }), []],
    ["not before its issue", repeated({ at: issuedAt - 1 }), []],
    ["not after its time", repeated({ at: issuedAt + day + 1 }), []],
    ["not by another principal", repeated({ requester: reaper }), []],
    [
      "not by another person of the same role",
      repeated({ requester: { ...alice, sessionName: "bob@example.com" } as never }),
      [],
    ],
    [
      "not by a role made again under the same name",
      repeated({ requester: { ...alice, roleId: "AROAOTHER" } as never }),
      [],
    ],
    ["not by an unknown requester", repeated({ requester: { kind: "unknown" } }), []],
    ["not with less notice", repeated({}, 3 * day - 61_000), []],
    [
      "not where the rule now asks more people",
      repeated({}, 3 * day, decided({ ...toAsk.effect, approval: { ...approvalOf(), quorum: 3 } } as never)),
      [],
    ],
    [
      "not where the rule now asks other people",
      repeated({}, 3 * day, decided({ ...toAsk.effect, approval: { ...approvalOf(), from: "board" } } as never)),
      [],
    ],
    ["not together with a second deletion in the same case", deletedAgain(), []],
    ["not where the rule asks nobody", repeated({}, 3 * day, decided({ outcome: "restore", usage: "resume" })), []],
  ])("%s", (_, newest, more) => expect(allows(newest, ...more)).toBe(false));

  it("with as much notice, but for a minute", () => expect(allows(repeated({}, 3 * day - 60_000))).toBe(true));
  it("at the last moment of its time", () => expect(allows(repeated({ at: issuedAt + day }))).toBe(true));
});

describe("a permit is judged by the rule that decides the key, as it stands when the key is deleted", () => {
  it.each<[string, boolean]>([
    ["as many as the rule asks for", allowsWith({ approvedBy: ["bob", "carol"] })],
    ["more than that", allowsWith({ approvedBy: ["bob", "carol", "erin"] })],
    ["others than its beneficiary", daveUses(["bob", "carol"])],
  ])("passes with approvals of %s", (_, allowed) => expect(allowed).toBe(true));

  it.each<[string, boolean]>([
    ["the approvals of a weaker rule", allowsWith({ approvedBy: ["bob"] })],
    ["one person's approval counted twice", allowsWith({ approvedBy: ["bob", "bob"] })],
    ["the requester among those who gave it", allowsWith({ approvedBy: ["alice", "bob"] })],
    ["its beneficiary among those who gave it", daveUses(["bob", "dave"])],
    [
      "an approver who has left the group",
      allowsWith({}, repeated(), directoryOf({ bob: { ...everybody.bob, groups: [] } })),
    ],
    ["a rule that permits for a shorter time", allowsWith({}, under({ permitForMs: hour - 1 }))],
    ["a requester who is not known as a person, and nobody more", allowsWith(forDeployer, byDeployer())],
    ["a Keep at the very moment it was issued", allowsWith({}, repeated(), directory, { at: issuedAt, by: "dave" })],
    ["a later Keep", allowsWith({}, repeated(), directory, { at: issuedAt + day, by: "dave" })],
  ])("does not pass with %s", (_, allowed) => expect(allowed).toBe(false));

  it("passes for a requester who is not known as a person if one more has approved", () => {
    expect(allowsWith({ ...forDeployer, approvedBy: ["alice", "bob", "carol"] }, byDeployer())).toBe(true);
  });

  it("passes at the end of the rule's own time, and after a Keep that came before its request", () => {
    expect(allowsWith({}, under({ permitForMs: hour }))).toBe(true);
    expect(allowsWith({}, repeated(), directory, { at: issuedAt - 1, by: "dave" })).toBe(true);
  });

  it("does not pass after a Keep between its request and its issue", () => {
    const chain = [planned, issuedPlanned].reduce<Chain>(
      (sofar, body, n) => append(sofar, body, issuedAt + n),
      chainBefore(planned),
    );
    const state = foldPermit(chain);
    const keptAt = (at: number) => state !== undefined && permits(state, repeated(), directory, { at, by: "dave" });
    expect([keptAt(issuedAt - 1), keptAt(issuedAt)]).toEqual([true, false]);
  });

  it("keeps nobody waiting for a record once the key was kept", () => {
    const state = foldPermit(chainOf({ kind: "permit-issued", permit }));
    const live = (keep?: Keep) => state !== undefined && isLive(state, issuedAt + hour, 0, keep);
    expect([live(), live({ at: issuedAt, by: "dave" })]).toEqual([true, false]);
  });
});

describe("the permit that approvers give where the requester became known later", () => {
  const unknown = detection({ request: undefined, source: "service-event" } as never);
  const voteOf = (person: string): EntryBody => ({
    kind: "vote-cast",
    vote: { id: person, choice: "approve", voter: { via: "slack", userId: `U0${person}` }, reason: "CHG-1" },
    person,
  });
  const learned = (by: readonly string[]) =>
    caseWith(
      unknown,
      asked,
      { kind: "approval-requested", from: "custodians", quorum: 3, deadline: t0 + day },
      ...by.map(voteOf),
      { kind: "approval-granted", by, quorum: 3 },
      { kind: "requester-learned", request: deletionRequest() },
    );

  it("never names the requester among those who approved", () => {
    expect(permitOf(learned(["alice", "bob", "carol"]), directory, issuedAt)).toMatchObject({
      person: "alice",
      approvedBy: ["bob", "carol"],
    });
  });

  it("is withheld where too few others approved", () => {
    expect(permitOf(learned(["alice", "bob"]), directory, issuedAt)).toBe("approval-lapsed");
  });
});

/** Dave, a custodian himself, deletes the key with a permit of his own. */
function daveUses(approvedBy: readonly string[]): boolean {
  const terms = { ...forDeployer, principal: dave.userArn, person: "dave", approvedBy };
  const custodian = directoryOf({ dave: { ...everybody.dave, groups: ["custodians"] } });
  return allowsWith(terms, repeated({ requester: dave }), custodian);
}

function byDeployer(): Case {
  return repeated({ requester: deployer });
}

function approvalOf() {
  if (toAsk.effect.outcome !== "ask") throw new Error("asks nobody");
  return toAsk.effect.approval;
}

describe("a live permit", () => {
  const state = (...more: readonly EntryBody[]) => foldPermit(chainOf({ kind: "permit-issued", permit }, ...more));
  const live = (now: number, ...more: readonly EntryBody[]) => {
    const at = state(...more);
    return at !== undefined && isLive(at, now, hour);
  };
  it("is one that an event may still come for", () => {
    expect([live(permit.until), live(permit.until + hour), live(permit.until + hour + 1)]).toEqual([true, true, false]);
    expect(live(issuedAt, used(2, eventId))).toBe(false);
    expect(live(issuedAt, { kind: "permit-revoked", permit: permit.id, by: "dave" })).toBe(false);
  });
  it("is none when its chain begins with anything else", () => {
    expect(foldPermit(chainOf(used(2, eventId)))).toBeUndefined();
    expect(foldPermit(emptyCase)).toBeUndefined();
  });
});

describe("a permit that names no person", () => {
  const trusting = { ...directory, trustsSourceIdentityFrom: () => true };
  /** One more has approved than the rule asks for: nobody knows who comes in the role's name. */
  const forRole = { ...unnamed, principal: deployer.roleArn, approvedBy: ["alice", "bob", "carol"] };
  const lets = (requester: object, principal: string = forRole.principal) => {
    const state = { permit: { ...forRole, principal }, requestedAt: issuedAt, revoked: false };
    return permits(state, repeated({ requester: requester as never }), trusting);
  };

  it("is for anyone who has the role", () => {
    expect(lets(deployer)).toBe(true);
    expect(lets({ ...deployer, sourceIdentity: "dave@example.com" })).toBe(true);
  });

  it("INVARIANT: is not for those who gave it", () => {
    expect(lets({ ...deployer, sourceIdentity: "bob@example.com" })).toBe(false);
  });

  it("is for that principal only", () => {
    expect(lets({ ...deployer, roleArn: `${deployer.roleArn}-2` })).toBe(false);
    expect(lets({ kind: "user", account: "111122223333", userArn: "arn:aws:iam::111122223333:user/x" })).toBe(false);
  });
});

describe("what tells permits apart", () => {
  it("is the generation of the case that gave one, or the number of one that was asked for", () => {
    expect(permitIdOf(chainOf({ kind: "permit-issued", permit }))).toEqual({ by: "case", generation: 1 });
    expect(permitIdOf(chainOf(planned))).toEqual({ by: "request", number: 3 });
    expect(permitIdOf(chainOf(used(1, "e")))).toBeUndefined();
    expect(permitIdOf(emptyCase)).toBeUndefined();
    expect(foldPermit(chainOf(planned))).toBeUndefined();
    expect(foldPermit(chainOf(used(1, "e"), { kind: "permit-issued", permit }))).toBeUndefined();
  });

  it("and one is usable until it is used, revoked or expired, or can no longer be approved", () => {
    const issued = { kind: "permit-issued", permit } as const;
    const revoked = { kind: "permit-revoked", permit: permit.id, by: "bob" } as const;
    const usable = (at: number, ...bodies: readonly EntryBody[]) => isUsable(chainOf(...bodies), at);
    expect([usable(permit.until, issued), usable(permit.until + 1, issued)]).toEqual([true, false]);
    expect([usable(issuedAt, issued, used(2, "e")), usable(issuedAt, issued, revoked)]).toEqual([false, false]);
    expect([usable(t0 + day - 1, planned), usable(t0 + day, planned)]).toEqual([true, false]);
    expect(usable(issuedAt, planned, revoked)).toBe(false);
    expect(isUsable(emptyCase, issuedAt)).toBe(false);
  });
});
