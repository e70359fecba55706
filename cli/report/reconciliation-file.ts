import * as v from "valibot";
import { exactly } from "../../lib/domain/ledger/entry-kinds/members.ts";
import { sha256 } from "../../lib/domain/log/hash.ts";
import { contradictionIn } from "../../lib/domain/reconcile/check-result.ts";
import { type DifferenceClass, differenceClasses } from "../../lib/domain/reconcile/classes.ts";
import { type Reconciliation, reconciliationFormat } from "../../lib/domain/reconcile/result.ts";
import { InputError } from "../shell/input-error.ts";
import { readPlainFile } from "../trail/bounded-file.ts";
import type { Period } from "./rows/period.ts";

const mostBytes = 64 * 1024 * 1024;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(253_402_300_799_999));
const differenceClass = v.picklist(Object.keys(differenceClasses) as DifferenceClass[]);

const population = v.object({
  ...{ events: count, matched: count, duplicates: count, corrected: count, failed: count },
  unmatched: v.array(v.object({ class: differenceClass, count })),
});

const schema = exactly<Reconciliation>()(
  v.object({
    format: v.literal(reconciliationFormat),
    ...{ account: v.string(), region: v.string(), stack: v.string(), from: time, to: time },
    manifestSha256: v.string(),
    verdict: v.picklist(["complete", "exceptions", "not-proven"]),
    export: v.picklist(["whole", "linked", "damaged"]),
    population,
    changes: v.exactOptional(population),
    failedCalls: v.object({ calls: count, recorded: count, counted: count }),
    coverage: v.object({
      from: v.exactOptional(time),
      to: v.exactOptional(time),
      gaps: v.array(v.object({ from: time, to: time, why: v.string() })),
    }),
    vouchedBy: v.exactOptional(
      v.object({ trail: v.string(), buckets: v.array(v.string()), publicKeys: v.array(v.string()) }),
    ),
    classes: v.array(
      v.object({
        ...{ class: differenceClass, name: v.string(), count },
        weight: v.picklist(["exception", "explain", "unproven", "list"]),
      }),
    ),
    differences: v.array(
      v.object({
        ...{ class: differenceClass, at: time, says: v.string() },
        ...{
          keyArn: v.exactOptional(v.string()),
          chain: v.exactOptional(v.string()),
          eventId: v.exactOptional(v.string()),
        },
      }),
    ),
    differencesInAll: count,
    unread: v.array(v.object({ reason: v.string(), count, isHarmless: v.boolean() })),
  }),
);

/** A result with the SHA-256 of its file (hex): nobody signed it, so that another run is what it is compared with. */
export interface ReadReconciliation {
  readonly reconciliation: Reconciliation;
  readonly reconciliationSha256: string;
}

/** Reads the result of `audit reconcile` from a file. Throws an InputError for anything else, and for one that contradicts itself. */
export async function readReconciliation(file: string): Promise<ReadReconciliation> {
  const bytes = await readPlainFile("", file, mostBytes);
  if (bytes === undefined) throw new InputError(`\`${file}\` cannot be read`);
  const parsed = v.safeParse(schema, jsonIn(bytes.toString("utf8")));
  if (!parsed.success) throw new InputError(`\`${file}\` is not a result of \`audit reconcile\``);
  const contradiction = contradictionIn(parsed.output);
  if (contradiction !== undefined)
    throw new InputError(`\`${file}\` contradicts itself: ${contradiction}; reconcile again`);
  return { reconciliation: parsed.output, reconciliationSha256: sha256(bytes).toString("hex") };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a report is of. */
interface Reported {
  readonly account: string;
  readonly region: string;
  readonly stack: string;
  readonly digest: string;
  readonly period: Period;
}

/** Throws an InputError unless a reconciliation is of this very export, stack and period: any other says nothing of it. */
export function checkReconciliation(found: Reconciliation, { account, region, stack, digest, period }: Reported): void {
  const pairs: readonly (readonly [string, string, string])[] = [
    ["manifest", found.manifestSha256, digest],
    ["account", found.account, account],
    ["Region", found.region, region],
    ["stack", found.stack, stack],
    ["begin", timeText(found.from), timeText(period.from)],
    ["end", timeText(found.to), timeText(period.to)],
  ];
  const differing = pairs.find(([, one, other]) => one !== other);
  if (differing === undefined) return;
  const [name, one, other] = differing;
  throw new InputError(
    `the reconciliation is of another ${name}: ${one}, expected ${other || "a known one"}; reconcile this export for this time`,
  );
}

function timeText(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : "without a bound";
}
