import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Reconciliation } from "../../lib/domain/reconcile/result.ts";
import { TrailClaims } from "../../lib/domain/reconcile/trail-claims.ts";
import type { TrailManifest } from "../../lib/domain/trail/manifest.ts";
import { InputError } from "../shell/input-error.ts";
import { makeFolder } from "../shell/make-folder.ts";
import { type VerifyOptions, verifyTrail } from "../trail/verify-trail.ts";
import { checkClaimed } from "./claimed-deletions.ts";
import { coverFrom } from "./cover-from.ts";
import { reportHtml } from "./page/report-page.ts";
import { checkReconciliation } from "./reconciliation-file.ts";
import { casesCsv } from "./rows/cases-csv.ts";
import { changesCsv } from "./rows/changes-csv.ts";
import { ClosingRows } from "./rows/closing-facts.ts";
import { collectRows } from "./rows/collect-rows.ts";
import { KeptLog } from "./rows/kept-log.ts";
import type { Period } from "./rows/period.ts";
import type { ReportData } from "./rows/report-data.ts";
import { type Draw, drawn } from "./rows/sample.ts";
import { type SheetSource, writeSheets } from "./write-sheets.ts";

/** What a report shows beyond its export. */
export interface ReportOptions extends VerifyOptions {
  /** How long (ms) a restored key may take to be usable again. */
  readonly targetMs: number;
  /** Version of the command. */
  readonly version: string;
  readonly draw?: Draw;
  readonly reconciliation?: Reconciliation;
  /** SHA-256 of the file of the reconciliation (hex). */
  readonly reconciliationSha256?: string;
}

/** A report that was written, and the files that are beside it. */
export interface WrittenReport extends ReportData {
  readonly files: readonly string[];
}

/**
 * Writes `report.html`, `cases.csv` and `changes.csv` of the export in `folder` into the new folder `out`; work papers of what was drawn, and a
 * sheet for each key that was destroyed. Of a damaged chain it holds what comes before the damage, and an exception. Throws an InputError.
 */
export async function writeReport(
  folder: string,
  out: string,
  options: ReportOptions,
  now: number,
): Promise<WrittenReport> {
  if (existsSync(out)) throw new InputError(`\`${out}\` exists already: name a new folder`);
  const log = new KeptLog();
  const leaves: Buffer[] = [];
  const closings = new ClosingRows();
  const claims = new TrailClaims();
  const verified = await verifyTrail(folder, {
    ...options,
    ...boundsOf(options),
    onFinding: (finding) => log.note(finding),
    onLine: (line) => {
      log.take(line);
      closings.take(line);
      if (options.reconciliation !== undefined && line.entry !== undefined) claims.take(line.entry);
      // A copy comes from a pool of its own: tens of thousands are small that way.
      if (options.draw !== undefined) leaves.push(Buffer.from(line.leaf));
    },
  });
  if (verified.manifest === undefined)
    throw new InputError("the manifest was changed: there is nothing to report about");
  const period = periodOf(verified.manifest, options);
  const { draw, reconciliation, reconciliationSha256, targetMs } = options;
  const rows = collectRows(log, { period, targetMs, now });
  const cover = coverFrom({ verified, manifest: verified.manifest, period, options, now, ...rows });
  if (reconciliation !== undefined) {
    checkReconciliation(reconciliation, { ...cover, digest: verified.digest, period });
    checkClaimed(reconciliation, claims, period);
  }
  const sample = draw && {
    draw,
    rows: drawn(
      rows.rows.filter(({ part }) => part === "requested"),
      draw,
    ),
  };
  const data: ReportData = {
    ...rows,
    ...{ cover, targetMs, closings: closings.facts(period) },
    ...(reconciliation && { reconciliation }),
    ...(reconciliationSha256 !== undefined && { reconciliationSha256 }),
    ...(sample && { sample }),
  };
  return { ...data, files: await writeAll(out, data, { log, leaves }) };
}

async function writeAll(out: string, data: ReportData, source: SheetSource): Promise<readonly string[]> {
  await makeFolder(out);
  await writeFile(join(out, "report.html"), reportHtml(data));
  await writeFile(join(out, "cases.csv"), casesCsv(data.rows));
  await writeFile(join(out, "changes.csv"), changesCsv(data.changes));
  return ["report.html", "cases.csv", "changes.csv", ...(await writeSheets(out, data, source))];
}

/** A time that was asked for; without one, that of the reconciliation. */
function boundsOf({ from, to, reconciliation }: ReportOptions): Pick<VerifyOptions, "from" | "to"> {
  const [begin, end] = [from ?? reconciliation?.from, to ?? reconciliation?.to];
  return { ...(begin !== undefined && { from: begin }), ...(end !== undefined && { to: end }) };
}

/** The period of a report: as asked, else as the export was asked. */
function periodOf(manifest: TrailManifest, options: ReportOptions): Period {
  const { from, to } = boundsOf(options);
  return {
    from: from ?? (manifest.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(manifest.from)),
    to: to ?? (manifest.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(manifest.to)),
  };
}
