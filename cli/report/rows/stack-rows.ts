import type { Chain } from "../../../lib/domain/ledger/chain.ts";
import type { EntryOf } from "../../../lib/domain/ledger/entry.ts";
import { principalOf } from "../../../lib/domain/people/requester.ts";
import { requesterText } from "../../../lib/notices/words.ts";
import { isWithin, type Period } from "./period.ts";

/** Refused calls of one principal that failed alike. Times are ms since the epoch. */
export interface RefusedRow {
  readonly requester: string;
  readonly principal: string;
  readonly operation: string;
  readonly errorCode: string;
  readonly calls: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A policy as the stack recorded it when it came into force. */
export interface InForceRow {
  readonly policyHash: string;
  readonly mode: string;
  readonly guardVersion: string;
  /** As the deploy command stated. */
  readonly claimedDeployer?: string;
  readonly since: number;
  /** Absent while no later policy is on record. */
  readonly until?: number;
  /** Canonical JSON; empty where the entry does not hold it. */
  readonly text: string;
}

/** A failure of a control: an alarm from its beginning to its end. */
export interface AlarmRow {
  readonly alarm: string;
  readonly beganAt?: number;
  readonly endedAt?: number;
  readonly reason: string;
}

/** One export of the trail that was reported. */
export interface ExportRow {
  readonly at: number;
  readonly person: string;
  readonly digest: string;
  readonly entries: number;
}

/** The list of all keys on one day. */
export interface InventoryRow {
  readonly day: string;
  readonly keys: number;
  readonly sha256: string;
}

/** What the log has of the stack within a period, and of no single case. */
export interface StackRows {
  readonly refused: readonly RefusedRow[];
  /** Refused calls that are only counted. */
  readonly refusedMore: number;
  readonly inForce: readonly InForceRow[];
  readonly alarms: readonly AlarmRow[];
  readonly exports: readonly ExportRow[];
  readonly inventory: readonly InventoryRow[];
}

/** Collects what concerns the stack. */
export class StackRowsOf {
  readonly #period: Period;
  readonly #refused = new Map<string, RefusedRow>();
  #refusedMore = 0;
  readonly #policies: InForceRow[] = [];
  readonly #alarms: (EntryOf<"alarm-began"> | EntryOf<"alarm-ended">)[] = [];
  readonly #exports: ExportRow[] = [];
  readonly #inventory = new Map<string, InventoryRow>();

  constructor(period: Period) {
    this.#period = period;
  }

  take(chain: Chain): void {
    const [first] = chain.entries;
    if (first?.kind === "policy-in-force") this.#policies.push(inForceRow(first, chain));
    for (const entry of chain.entries) {
      if (entry.kind === "call-refused") this.#takeRefused(entry);
      if (entry.kind === "alarm-began" || entry.kind === "alarm-ended") this.#alarms.push(entry);
      // The calls of a chain are of one hour, so that of the first one is that of all.
      if (
        entry.kind === "calls-not-recorded" &&
        first?.kind === "call-refused" &&
        isWithin(first.calledAt, this.#period)
      )
        this.#refusedMore += entry.count;
      if (!isWithin(entry.at, this.#period)) continue;
      if (entry.kind === "keys-listed") this.#inventory.set(entry.day, listedOn(entry));
      if (entry.kind === "trail-exported") this.#exports.push(exportedBy(entry));
    }
  }

  rows(): StackRows {
    return {
      refused: [...this.#refused.values()].sort((a, b) => a.firstAt - b.firstAt),
      refusedMore: this.#refusedMore,
      inForce: withEnds(this.#policies, this.#period),
      alarms: alarmRows(this.#alarms, this.#period),
      exports: this.#exports.sort((a, b) => a.at - b.at),
      inventory: [...this.#inventory.values()].sort((a, b) => (a.day < b.day ? -1 : 1)),
    };
  }

  #takeRefused({ requester, operation, errorCode, calledAt }: EntryOf<"call-refused">): void {
    if (!isWithin(calledAt, this.#period)) return;
    const [principal, name] = [principalOf(requester), requesterText(requester)];
    const key = JSON.stringify([principal, name, operation, errorCode]);
    const known = this.#refused.get(key);
    this.#refused.set(key, {
      ...{ requester: name, principal, operation, errorCode, calls: (known?.calls ?? 0) + 1 },
      firstAt: Math.min(known?.firstAt ?? calledAt, calledAt),
      lastAt: Math.max(known?.lastAt ?? calledAt, calledAt),
    });
  }
}

function inForceRow(
  { policyHash, mode, guardVersion, claimedDeployer, at }: EntryOf<"policy-in-force">,
  { entries }: Chain,
): InForceRow {
  const pieces = entries.flatMap((entry) =>
    entry.kind === "policy-in-force" || entry.kind === "policy-text" ? entry.pieces : [],
  );
  return {
    ...{ policyHash, mode, guardVersion, since: at, text: pieces.join("") },
    ...(claimedDeployer !== undefined && { claimedDeployer }),
  };
}

function listedOn({ day, keys, sha256 }: EntryOf<"keys-listed">): InventoryRow {
  return { day, keys, sha256 };
}

function exportedBy({ at, person, digest, entries }: EntryOf<"trail-exported">): ExportRow {
  return { at, person, digest, entries };
}

/** A policy is in force until the next one is. Returns those that were so within the period. */
function withEnds(policies: readonly InForceRow[], { from, to }: Period): readonly InForceRow[] {
  const sorted = policies.toSorted((a, b) => a.since - b.since);
  return sorted
    .map((row, n) => ({ ...row, ...(sorted[n + 1] && { until: sorted[n + 1]?.since ?? 0 }) }))
    .filter(({ since, until = Number.POSITIVE_INFINITY }) => since < to && until > from);
}

function alarmRows(
  entries: readonly (EntryOf<"alarm-began"> | EntryOf<"alarm-ended">)[],
  { from, to }: Period,
): readonly AlarmRow[] {
  const open = new Map<string, AlarmRow>();
  const rows: AlarmRow[] = [];
  for (const { kind, alarm, changedAt, reason, ...more } of entries.toSorted((a, b) => a.changedAt - b.changedAt)) {
    const began = open.get(alarm);
    if (kind === "alarm-began") open.set(alarm, began ?? { alarm, beganAt: changedAt, reason });
    else {
      const beganAt = began?.beganAt ?? ("beganAt" in more ? more.beganAt : undefined);
      rows.push({
        alarm,
        reason: began?.reason ?? reason,
        endedAt: changedAt,
        ...(beganAt !== undefined && { beganAt }),
      });
      open.delete(alarm);
    }
  }
  return [...rows, ...open.values()]
    .filter(
      ({ beganAt, endedAt }) => (beganAt ?? endedAt ?? from) < to && (endedAt ?? Number.POSITIVE_INFINITY) >= from,
    )
    .sort((a, b) => (a.beganAt ?? 0) - (b.beganAt ?? 0));
}
