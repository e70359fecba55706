import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chainNamedIn, readChain } from "../../lib/domain/ledger/chain.ts";
import { permitText } from "../../lib/domain/ledger/permit-name.ts";
import { readManifest } from "../../lib/domain/trail/manifest.ts";
import { type ListedPermit, plannedPermit } from "../permits/permit-list.ts";
import { InputError } from "../shell/input-error.ts";
import { makeFolder } from "../shell/make-folder.ts";
import { isEntriesFile, manifestFile } from "../trail/trail-files.ts";
import { readLines, type Verification } from "../trail/verify-trail.ts";
import { type CaseRow, caseRow } from "./case-row.ts";
import { casesCsv } from "./cases-csv.ts";
import { type PauseRow, pauseRow } from "./pause-row.ts";
import { reportHtml } from "./report-html.ts";

/**
 * Writes `report.html` and `cases.csv` of the export in `folder` into the new folder `out`; a case whose chain does not hold is left out,
 * and counted among the damage. Throws an InputError.
 */
export async function writeReport(
  folder: string,
  out: string,
  verified: Verification,
  now: number,
): Promise<{ readonly cases: number; readonly leftOut: number }> {
  if (existsSync(out)) throw new InputError(`\`${out}\` is there already: name a new folder`);
  const manifest = readManifest(await readFile(join(folder, manifestFile), "utf8"));
  if (typeof manifest === "string") throw new InputError("the manifest was changed: there is nothing to report of");
  const { rows, pauses, permits, leftOut } = await readRows(folder, now);
  await makeFolder(out);
  const { from, to, source } = manifest;
  const { digest, found: damage, checkpoints, unanchored } = verified;
  const header = { from, to, source, digest, damage, checkpoints, unanchored, madeAt: new Date(now).toISOString() };
  await writeFile(join(out, "report.html"), reportHtml(rows, pauses, permits, header));
  await writeFile(join(out, "cases.csv"), casesCsv(rows));
  return { cases: rows.length, leftOut };
}

interface Rows {
  readonly rows: readonly CaseRow[];
  readonly pauses: readonly PauseRow[];
  readonly permits: readonly ListedPermit[];
  readonly leftOut: number;
}

/** The rows of all cases, oldest first, of all pauses, and of all permits that were asked for beforehand. */
async function readRows(folder: string, now: number): Promise<Rows> {
  const rows: CaseRow[] = [];
  const pauses: PauseRow[] = [];
  const permits: ListedPermit[] = [];
  /** Those who gave each permit, by its name. */
  const givers = new Map<string, readonly string[]>();
  let texts: string[] = [];
  let leftOut = 0;
  const close = () => {
    const [first] = texts;
    const reading = first === undefined ? undefined : readChain(texts, chainNamedIn(first));
    texts = [];
    if (reading === undefined) return;
    for (const entry of reading.ok ? reading.chain.entries : [])
      if (entry.kind === "permit-issued")
        givers.set(permitText(entry.permit.keyArn, entry.permit.id), entry.permit.approvedBy);
    const pause = reading.ok && pauseRow(reading.chain);
    if (pause) {
      pauses.push(pause);
      return;
    }
    const permit = reading.ok && plannedPermit(reading.chain, now);
    if (permit) {
      permits.push(permit);
      return;
    }
    const row = reading.ok ? caseRow(reading.chain.entries, reading.chain.head) : undefined;
    if (row === undefined) leftOut += 1;
    else rows.push(row);
  };
  for (const name of (await readdir(folder)).filter(isEntriesFile).sort())
    await readLines(join(folder, name), (line) => {
      if (/"seq":1[,}]/.test(line)) close();
      texts.push(line);
    });
  close();
  return {
    rows: rows
      .map((row) => ({ ...row, permitGivenBy: givers.get(row.permit) ?? [] }))
      .sort((a, b) => a.detectedAt - b.detectedAt),
    pauses: pauses.sort((a, b) => a.number - b.number),
    permits: permits.sort((a, b) => a.at - b.at),
    leftOut,
  };
}
