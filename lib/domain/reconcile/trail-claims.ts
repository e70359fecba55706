import { keyArnParts, parseKeyArn } from "../key/key-arn.ts";
import type { CallsName } from "../ledger/calls-name.ts";
import { chainSubject } from "../ledger/chain-name.ts";
import type { ChangeName } from "../ledger/change-name.ts";
import type { Entry } from "../ledger/entry.ts";
import type { ReconciledPlace } from "./call.ts";

/** A chain of the trail says that this call was made. Times are ms since the epoch. */
export interface Claim {
  readonly chain: string;
  readonly eventId: string;
  readonly at: number;
  /** The keys for which it is recorded: that of the chain, and that of the recorded call. Absent for what concerns no key. */
  readonly keyArns: readonly string[];
  readonly alias?: string;
}

/** An act of the guard, as a chain records it. */
export interface RecordedAct {
  readonly at: number;
  readonly kind: "restore-intended" | "key-restored" | "usage-start-intended" | "acted" | "answered" | "failed";
  /** Of `key-restored`. */
  readonly how?: "answered" | "found" | "unrecorded";
  /** The names of the calls that were intended, of `acted`; of those one of which was answered, of `answered`, where they are known. */
  readonly calls?: readonly string[];
}

/** What the trail holds of one case. */
export interface CaseClaims {
  readonly chain: string;
  readonly keyArn: string;
  readonly detectedAt: number;
  hasRequest: boolean;
  isMissed: boolean;
  /** The latest decision let the guard only observe, or a pause did. */
  outside: "observed" | "paused" | undefined;
  destroyed: { readonly at: number; readonly how: string } | undefined;
  readonly acts: RecordedAct[];
}

/** What the trail holds of the changes of one subject within an hour. */
export interface ChangeClaims {
  readonly chain: string;
  readonly name: ChangeName;
  isCrowded: boolean;
  readonly acts: RecordedAct[];
}

/** An entry says that this call failed. */
export interface FailedClaim {
  readonly eventId: string;
  readonly operation: string;
  /** ms since the epoch. */
  readonly at: number;
  /** The key that the call named, where it named one by its ARN. */
  readonly keyArn?: string;
}

/** What the trail holds of the calls of one principal and hour that failed. */
export interface FailedClaims {
  readonly chain: string;
  readonly name: CallsName;
  readonly recorded: FailedClaim[];
  /** How many more there were, without an entry for each. */
  counted: number;
}

/** Collects what an audit trail says of calls, entry by entry. */
export class TrailClaims {
  readonly deletions = new Map<string, Claim[]>();
  readonly changes = new Map<string, Claim[]>();
  readonly cases = new Map<string, CaseClaims>();
  readonly changeChains = new Map<string, ChangeClaims>();
  readonly failed = new Map<string, FailedClaims>();
  readonly #places = new Set<string>();

  /** The account and Region of every key of which the trail has a case. */
  get places(): readonly ReconciledPlace[] {
    return [...this.#places].map((place) => {
      const [account = "", region = ""] = place.split(" ");
      return { account, region };
    });
  }

  take(entry: Entry): void {
    const subject = chainSubject(entry.chain);
    if (subject?.kind === "case") this.#takeOfCase(entry, subject.name.keyArn);
    else if (subject?.kind === "change") this.#takeOfChange(entry, subject.name);
    else if (subject?.kind === "calls") this.#takeOfCalls(entry, subject.name);
  }

  #takeOfCalls(entry: Entry, name: CallsName): void {
    const { chain } = entry;
    const known = this.failed.get(chain) ?? { chain, name, recorded: [], counted: 0 };
    this.failed.set(chain, known);
    if (entry.kind === "calls-not-recorded") known.counted += entry.count;
    if (entry.kind !== "call-refused") return;
    const { eventId, operation, calledAt, identifier } = entry;
    const keyArn = parseKeyArn(identifier);
    known.recorded.push({ eventId, operation, at: calledAt, ...(keyArn !== undefined && { keyArn }) });
  }

  #takeOfCase(entry: Entry, keyArn: Parameters<typeof keyArnParts>[0]): void {
    const { chain, at } = entry;
    const known: CaseClaims = this.cases.get(chain) ?? {
      ...{ chain, keyArn, detectedAt: at, hasRequest: false, isMissed: false, acts: [] },
      ...{ outside: undefined, destroyed: undefined },
    };
    if (known.acts.length === 0 && !this.cases.has(chain)) {
      const { account, region } = keyArnParts(keyArn);
      this.#places.add(`${account} ${region}`);
      this.cases.set(chain, known);
    }
    if ("request" in entry) {
      known.hasRequest = true;
      this.#claimDeletion(entry.request, chain, keyArn);
    }
    noteInCase(known, entry);
  }

  #claimDeletion(request: RequestOfEntry, chain: string, keyArn: string): void {
    const { eventId, at, target, namedAs } = request;
    const alias = namedAs ?? (target.kind === "alias" ? target.alias : undefined);
    const keyArns = [keyArn, ...(target.kind === "alias" ? [] : [target.arn])];
    claim(this.deletions, { chain, eventId, at, keyArns, ...(alias !== undefined && { alias }) });
  }

  #takeOfChange(entry: Entry, name: ChangeName): void {
    const { chain, at } = entry;
    const known = this.changeChains.get(chain) ?? { chain, name, isCrowded: false, acts: [] };
    this.changeChains.set(chain, known);
    if (entry.kind === "changes-crowded") known.isCrowded = true;
    if (entry.kind === "revert-intended") known.acts.push({ at, kind: "acted", calls: entry.calls });
    // People asked for it.
    if (entry.kind === "usage-start-intended") known.acts.push({ at, kind: "acted", calls: starts });
    const answered = answeredIn(entry);
    if (answered !== undefined) known.acts.push(answered);
    if (entry.kind !== "change-detected" || entry.source !== "event" || entry.eventId === undefined) return;
    const { eventId, changedAt, keyArn, subject } = entry;
    const alias = subject.startsWith("alias/") ? subject : undefined;
    const keyArns = keyArn === undefined ? [] : [keyArn];
    claim(this.changes, { chain, eventId, at: changedAt, keyArns, ...(alias !== undefined && { alias }) });
  }
}

/** The names of the calls by which the stack starts a key, and removes a Deny from its policy. */
const starts = ["StartKeyUsage"];
const policyChanges = ["PutResourcePolicy", "DeleteResourcePolicy"];

/** Returns the act whose call an entry records as answered; RestoreKey is matched by its own entry. */
function answeredIn(entry: Entry): RecordedAct | undefined {
  if (!("how" in entry) || entry.how !== "answered") return undefined;
  const { at, kind } = entry;
  if (kind === "key-usable") return { at, kind: "answered", calls: starts };
  if (kind === "deny-removed") return { at, kind: "answered", calls: policyChanges };
  // A revert that is tried again may take other calls than the ones that were intended first.
  return kind === "change-reverted" ? { at, kind: "answered" } : undefined;
}

type RequestOfEntry = Extract<Entry, { readonly kind: "requester-learned" }>["request"];

/** The same call, recorded twice in one chain, is one claim: the first one that another time or key contradicts stays beside it. */
function claim(claims: Map<string, Claim[]>, made: Claim): void {
  const known = claims.get(made.eventId) ?? [];
  const isKnown = known.some(
    ({ chain, at, keyArns }) => chain === made.chain && at === made.at && keyArns.join() === made.keyArns.join(),
  );
  if (!isKnown) claims.set(made.eventId, [...known, made]);
}

function noteInCase(known: CaseClaims, entry: Entry): void {
  const { at } = entry;
  switch (entry.kind) {
    case "event-missed":
      known.isMissed = true;
      return;
    case "decided":
      known.outside = entry.mode === "enforce" ? undefined : entry.pause === undefined ? "observed" : "paused";
      return;
    case "restore-intended":
    case "usage-start-intended":
      known.acts.push({ at, kind: entry.kind });
      return;
    case "key-restored":
      known.acts.push({ at, kind: "key-restored", how: entry.how });
      return;
    case "key-usable":
    case "deny-removed": {
      const answered = answeredIn(entry);
      if (answered !== undefined) known.acts.push(answered);
      return;
    }
    case "effect-failed":
      known.acts.push({ at, kind: "failed" });
      return;
    case "deny-removal-intended":
      // Its own `calls` are those that the policy denied.
      known.acts.push({ at, kind: "acted", calls: policyChanges });
      return;
    case "key-destroyed":
      known.destroyed = { at, how: entry.how };
      return;
    default:
      return;
  }
}
