import type { Verdict } from "../log/finding.ts";
import type { LogOwner } from "../log/origin.ts";
import { printableText } from "../printable-text.ts";
import { compareActs } from "./compare-acts.ts";
import { compareChanges } from "./compare-changes.ts";
import { compareDeletions } from "./compare-deletions.ts";
import { compareFailures } from "./compare-failures.ts";
import type { Compared } from "./compared.ts";
import { lateDeliveryMs } from "./coverage.ts";
import { Differences } from "./differences.ts";
import type { ChangedFile } from "./digest-chains.ts";
import { type Reconciliation, reconciliationFormat, type Unread, type Voucher } from "./result.ts";

/** What a reconciliation is made of. */
export interface Reconcile extends Omit<Compared, "differences"> {
  readonly owner: LogOwner;
  /** The export that is compared: SHA-256 of its manifest, and its own verdict. */
  readonly manifestSha256: string;
  readonly export: Verdict;
  readonly vouchedBy?: Voucher;
  /** What of CloudTrail's files someone changed. */
  readonly changed: readonly ChangedFile[];
  readonly unread: readonly Unread[];
}

/** Compares an audit trail with CloudTrail's records. */
export function reconcile(input: Reconcile): Reconciliation {
  const { owner, time, coverage, changed, unread, manifestSha256, vouchedBy } = input;
  const differences = new Differences();
  const compared: Compared = { ...input, differences };
  const population = compareDeletions(compared);
  const changes = compareChanges(compared);
  compareActs(compared);
  const failedCalls = compareFailures(compared);
  const gaps = coverage.gaps(time);
  for (const { from, to, why } of gaps)
    differences.add({ class: "J", at: from, says: `${timeText(from)} to ${timeText(to)}: ${printableText(why, 300)}` });
  for (const { at, says } of changed)
    if (at >= time.from && at < time.to + lateDeliveryMs)
      differences.add({ class: "L", at, says: printableText(says, 400) });
  const isProven = input.export === "whole" && unread.every(({ isHarmless }) => isHarmless);
  const verdict = input.export === "damaged" ? "exceptions" : differences.verdict(isProven);
  return {
    ...{ format: reconciliationFormat, account: owner.account, region: owner.region, stack: owner.stage },
    ...{ from: time.from, to: time.to, manifestSha256, export: input.export, verdict, population },
    ...(changes !== undefined && { changes }),
    ...{ failedCalls, coverage: { ...coverage.ends, gaps } },
    ...(vouchedBy !== undefined && { vouchedBy }),
    ...differences.result(),
    unread,
  };
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}
