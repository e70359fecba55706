import { describe, expect, it } from "vitest";
import { foldChangePermit, mayPermit } from "../../../lib/domain/approval/change-permit.ts";
import { append, emptyChain } from "../../../lib/domain/ledger/chain.ts";
import { changePermitChainName } from "../../../lib/domain/ledger/chain-name.ts";
import type { Approval } from "../../../lib/domain/policy/decision.ts";
import { day, t0 } from "../../doubles/key-world.ts";

const hour = 3_600_000;
const subject = { kind: "alias", alias: "alias/prod/pin" } as const;
const name = { operation: "alias", subject, id: { by: "request", number: 1 } } as const;
const terms: Approval = { from: "custodians", quorum: 1, withinMs: day, meanwhile: "restored", permitForMs: 4 * hour };

function issuedPermit() {
  const requested = append(
    emptyChain(changePermitChainName(name)),
    {
      ...({
        kind: "change-permit-requested",
        operation: "alias",
        subject: "alias/prod/pin",
        number: 1,
        from: "custodians",
        quorum: 1,
      } as const),
      ...{ rule: "ask", principal: "arn:aws:iam::111122223333:user/alice", deadline: t0 + day, reason: "CHG-1" },
    },
    t0,
  );
  const issued = { group: "custodians", until: t0 + 4 * hour, approvedBy: ["bob"], proof: ["slack"] } as const;
  const permit = foldChangePermit(append(requested, { kind: "change-permit-issued", ...issued }, t0));
  if (permit === undefined) throw new Error("no permit");
  return permit;
}

describe("a permit about a change that only the inventory saw", () => {
  it.each([
    ["while it lasts", t0 + hour, terms, true],
    ["at the reading after it ended", t0 + 2 * day, terms, true],
    ["in the same instant as it was issued", t0, terms, false],
    ["long after it ended", t0 + 4 * hour + 3 * day + 1, terms, false],
    ["that ends earlier by the rule of now", t0 + hour + 3 * day + 1, { ...terms, permitForMs: hour }, false],
    ["that others would have to approve now", t0 + hour, { ...terms, from: "owners" }, false],
  ])("%s", (_, at, approval, may) => {
    expect(mayPermit(issuedPermit(), { at }, approval)).toBe(may);
  });
});
