import { describe, expect, it } from "vitest";
import { append, type Chain, emptyChain } from "../../lib/domain/audit-chain.ts";
import type { Case } from "../../lib/domain/case.ts";
import type { DeletionRequest } from "../../lib/domain/deletion-request.ts";
import type { EntryBody } from "../../lib/domain/entry.ts";
import { foldPermit, generationOfPermit, isLive, isUnused, permitOf, permits } from "../../lib/domain/permit.ts";
import type { Permit } from "../../lib/domain/permit-terms.ts";
import { caseWith, decided, detection, toAsk } from "../doubles/case-builder.ts";
import { directoryOf } from "../doubles/directory.ts";
import { alice, day, deletionRequest, keyArn, paymentKey, reaper, t0 } from "../doubles/key-world.ts";

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
      generation: 1,
      principal: (alice as { roleArn: string }).roleArn,
      roleId: "AROAIDPPEZS35WEXAMPLE",
      person: "alice",
      minWaitingMs: 3 * day,
      group: "custodians",
      approvedBy: ["bob", "carol"],
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
    expect(permitOf(granted(request), directory, issuedAt)).toBeUndefined();
  });

  it("is not given before they have", () => {
    expect(permitOf(caseWith(detection(), asked), directory, issuedAt)).toBeUndefined();
  });
});

const permit = permitOf(granted(deletionRequest()), directory, issuedAt) as Permit;
const chainOf = (...bodies: readonly EntryBody[]) =>
  bodies.reduce<Chain>((chain, body, n) => append(chain, body, issuedAt + n), emptyChain);
const used = (generation: number, eventId: string): EntryBody => ({
  kind: "permit-used",
  permit: 1,
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
const allows = (of: Case, ...more: readonly EntryBody[]) => {
  const state = foldPermit(chainOf({ kind: "permit-issued", permit }, ...more));
  return state !== undefined && permits(state, of, directory);
};

describe("a permit lets a deletion pass", () => {
  it("that repeats the approved one", () => expect(allows(repeated())).toBe(true));
  it("again on a retry of the very same one", () => expect(allows(repeated(), used(2, eventId))).toBe(true));

  it.each<[string, Case, readonly EntryBody[]]>([
    ["once", repeated(), [used(2, "33333333-3333-4333-8333-333333333333")]],
    ["in one case", repeated(), [used(3, eventId)]],
    ["not after somebody kept the key", repeated(), [{ kind: "permit-revoked", permit: 1, by: "dave" }]],
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
      "not by a role made anew under the same name",
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
    ["not where the rule asks nobody", repeated({}, 3 * day, decided({ outcome: "restore", usage: "resume" })), []],
  ])("%s", (_, of, more) => expect(allows(of, ...more)).toBe(false));

  it("with as much notice, but for a minute", () => expect(allows(repeated({}, 3 * day - 60_000))).toBe(true));
  it("at the last moment of its time", () => expect(allows(repeated({ at: issuedAt + day }))).toBe(true));
});

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
    expect(live(issuedAt, { kind: "permit-revoked", permit: 1, by: "dave" })).toBe(false);
  });
  it("is none when its chain begins with anything else", () => {
    expect(foldPermit(chainOf(used(2, eventId)))).toBeUndefined();
    expect(foldPermit(emptyChain)).toBeUndefined();
  });
});

describe("a permit that names no person", () => {
  const trusting = { ...directory, trustsSourceIdentityFrom: () => true };
  const deployer = {
    kind: "role-session",
    account: "111122223333",
    roleArn: "arn:aws:iam::111122223333:role/ci/deployer",
  };
  const { person: _person, roleId: _roleId, ...unnamed } = permit;
  const forRole = { ...unnamed, principal: deployer.roleArn };
  const lets = (requester: object, principal: string = forRole.principal) => {
    const state = { permit: { ...forRole, principal }, revoked: false };
    return permits(state, repeated({ requester: requester as never }), trusting);
  };

  it("is for whoever has the role", () => {
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
  it("is the generation of the case that gave one, or the number of one that was asked for, below 0", () => {
    const voter = { via: "slack", userId: "U0A" } as const;
    const asked: EntryBody = {
      ...{ kind: "permit-requested", keyArn: keyArn(), no: 3, rule: "r", principal: "p", minWaitingMs: 0 },
      ...{ deadline: t0, voter, person: "alice", reason: "x" },
    };
    expect(generationOfPermit(chainOf({ kind: "permit-issued", permit }))).toBe(1);
    expect(generationOfPermit(chainOf(asked))).toBe(-3);
    expect(generationOfPermit(chainOf(used(1, "e")))).toBeUndefined();
    expect(generationOfPermit(emptyChain)).toBeUndefined();
    expect(foldPermit(chainOf(asked))).toBeUndefined();
    expect(foldPermit(chainOf(used(1, "e"), { kind: "permit-issued", permit }))).toBeUndefined();
  });

  it("and one is unused until it is used or taken back", () => {
    const issued = { kind: "permit-issued", permit } as const;
    const revoked = { kind: "permit-revoked", permit: 1, by: "bob" } as const;
    expect([chainOf(issued), chainOf(issued, used(2, "e")), chainOf(issued, revoked)].map(isUnused)).toEqual([
      ...[true, false, false],
    ]);
  });
});
