import { foldChangePermit } from "../../lib/domain/approval/change-permit.ts";
import { foldPlannedPermit } from "../../lib/domain/approval/planned-permit.ts";
import { caseNameFrom } from "../../lib/domain/ledger/case-name.ts";
import { type Chain, readChain } from "../../lib/domain/ledger/chain.ts";
import { changePermitNameFrom, changePermitText } from "../../lib/domain/ledger/change-permit-name.ts";
import { type PermitId, permitNameFrom, permitNameText, permitText } from "../../lib/domain/ledger/permit-name.ts";
import type { Permit } from "../../lib/domain/ledger/permit-terms.ts";
import { deletionName } from "../../lib/domain/operations/delete/name.ts";
import type { StoredTrail } from "../trail/stored-trail.ts";

/** One permit in a list. Times are ms since the epoch. */
export interface ListedPermit {
  /** `<key ARN>#p<number>`, the name of the case whose approvers gave it, or that of a permit for a change. */
  readonly permit: string;
  /** What it permits: `delete`, or another operation. */
  readonly operation: string;
  /** How it stands: `damaged` for a chain that does not hold, of which nothing else is known. */
  readonly state: "asked-for" | "live" | "used" | "revoked" | "expired" | "damaged";
  readonly at: number;
  readonly principal: string;
  /** Unique id of the role that alone may use it; empty where none is pinned. */
  readonly roleId: string;
  readonly person: string;
  readonly minWaitingMs: number;
  readonly requestedBy: string;
  readonly approvedBy: readonly string[];
  /** Until when it may be used, or approved. */
  readonly until: number;
}

/**
 * Returns every permit among `trails`, newest first: the planned ones from their own chains, the others as the cases report them. A chain that does not hold
 * comes before all: it may be, or hold, a permit that can be used.
 */
export function listPermits(trails: readonly StoredTrail[], now: number): readonly ListedPermit[] {
  const read = trails.map(({ case: name, texts, head }) => {
    const reading = readChain(texts, name);
    return reading.ok && reading.chain.head === head ? reading.chain : name;
  });
  const chains = read.filter((each) => typeof each !== "string");
  const damaged = read
    .filter((each) => typeof each === "string")
    .filter(mayHoldPermits)
    .map(damagedPermit);
  const settled = settledIn(chains);
  const given = ({ entries }: Chain) =>
    entries.flatMap((entry) => (entry.kind === "permit-issued" ? [givenByCase(entry.permit, settled, now)] : []));
  const listed = chains
    .flatMap((chain) => plannedPermit(chain, now) ?? changePermit(chain, now) ?? given(chain))
    .toSorted((a, b) => b.at - a.at);
  return [...damaged, ...listed];
}

/** A pause permits no deletion of one key. */
function mayHoldPermits(name: string): boolean {
  return (permitNameFrom(name) ?? changePermitNameFrom(name) ?? caseNameFrom(name)) !== undefined;
}

function damagedPermit(permit: string): ListedPermit {
  const unknown = {
    operation: changePermitNameFrom(permit)?.operation ?? deletionName,
    principal: "",
    roleId: "",
    person: "",
    minWaitingMs: 0,
    requestedBy: "",
    approvedBy: [],
  };
  return { permit, state: "damaged", at: 0, ...unknown, until: 0 };
}

/** A permit that was asked for beforehand, as it stands at `now` (ms); undefined for any other chain. */
export function plannedPermit(chain: Chain, now: number): ListedPermit | undefined {
  const planned = foldPlannedPermit(chain);
  if (planned === undefined) return undefined;
  const { issued, revoked, used, deadline, requestedBy, principal, roleId = "", person = "", minWaitingMs } = planned;
  const approvedBy = issued?.approvedBy ?? planned.approvals.map((approval) => approval.person);
  const until = issued?.until ?? deadline;
  const unsettled = until < now ? "expired" : issued ? "live" : "asked-for";
  return {
    ...{
      permit: permitNameText(planned),
      operation: deletionName,
      state: used ? "used" : revoked ? "revoked" : unsettled,
    },
    ...{ at: chain.entries[0]?.at ?? 0, principal, roleId, person, minWaitingMs, requestedBy, approvedBy, until },
  };
}

/** A permit for a change other than a deletion, as it stands at `now` (ms); undefined for any other chain. */
export function changePermit(chain: Chain, now: number): ListedPermit | undefined {
  const permit = foldChangePermit(chain);
  if (permit === undefined) return undefined;
  const { name, request, issued, revoked, used, approvals } = permit;
  const { principal, roleId = "", user = "", person = "", deadline, at } = request;
  const until = issued?.until ?? deadline;
  const unsettled = until < now ? "expired" : issued ? "live" : "asked-for";
  return {
    ...{ permit: changePermitText(name), operation: name.operation },
    state: used ? "used" : revoked ? "revoked" : unsettled,
    ...{ at, principal, roleId, person: user, minWaitingMs: 0, requestedBy: person, until },
    approvedBy: issued?.approvedBy ?? approvals.map((approval) => approval.person),
  };
}

type Settled = ReadonlyMap<string, "used" | "revoked">;

function givenByCase(permit: Permit, settled: Settled, now: number): ListedPermit {
  const { keyArn, id, principal, roleId = "", person = "", minWaitingMs, approvedBy, issuedAt, until } = permit;
  const name = permitText(keyArn, id);
  const state = settled.get(name) ?? (until < now ? "expired" : "live");
  return {
    ...{ permit: name, operation: deletionName, state, at: issuedAt, principal, roleId, person, minWaitingMs },
    ...{ requestedBy: "", approvedBy, until },
  };
}

/** What happened to each permit, as the cases tell that used it or took it back. */
function settledIn(chains: readonly Chain[]): Settled {
  const settled = new Map<string, "used" | "revoked">();
  for (const { entries } of chains) {
    const [first] = entries;
    if (first?.kind !== "deletion-detected") continue;
    const nameOf = (id: PermitId) => permitText(first.case.keyArn, id);
    for (const entry of entries) {
      if (entry.kind === "permit-used") settled.set(nameOf(entry.permit), "used");
      if (entry.kind === "permit-revoked") settled.set(nameOf(entry.permit), "revoked");
    }
  }
  return settled;
}
