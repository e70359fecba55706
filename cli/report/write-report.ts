import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "../../lib/domain/ledger/canonical-json.ts";
import { type Chain, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { logChainName } from "../../lib/domain/ledger/chain-name.ts";
import { permitText } from "../../lib/domain/ledger/permit-name.ts";
import { type ListedPermit, plannedPermit } from "../permits/permit-list.ts";
import { InputError } from "../shell/input-error.ts";
import { makeFolder } from "../shell/make-folder.ts";
import { type Verification, type VerifyOptions, verifyTrail } from "../trail/verify-trail.ts";
import { type CaseRow, caseRow } from "./case-row.ts";
import { casesCsv } from "./cases-csv.ts";
import { type ChangeRow, changeRow } from "./change-row.ts";
import { changesCsv } from "./changes-csv.ts";
import { type PauseRow, pauseRow } from "./pause-row.ts";
import { reportHtml } from "./report-html.ts";

/** A report that was written: its cases and changes, the verdict on its export, and the time it covers (ISO 8601). */
export interface WrittenReport {
  readonly rows: readonly CaseRow[];
  readonly changes: readonly ChangeRow[];
  readonly verified: Verification;
  readonly from: string;
  readonly to: string;
}

/**
 * Writes `report.html`, `cases.csv` and `changes.csv` of the export in `folder` into the new folder `out`. Of a damaged chain it holds what comes before the
 * damage; the findings say where that is. Throws an InputError.
 */
export async function writeReport(
  folder: string,
  out: string,
  options: VerifyOptions,
  now: number,
): Promise<WrittenReport> {
  if (existsSync(out)) throw new InputError(`\`${out}\` exists already: name a new folder`);
  const chains = new Map<string, Chain>();
  const verified = await verifyTrail(folder, {
    ...options,
    onEntry: (entry, text, index) => {
      // What is not in the log yet is no evidence: anyone who had the folder may have added it.
      if (entry.chain === logChainName || index === undefined) return;
      const { entries, texts } = chains.get(entry.chain) ?? emptyChain(entry.chain);
      if (entry.seq !== entries.length + 1) return;
      const longer = { entries: [...entries, entry], texts: [...texts, text], head: sha256Hex(text) };
      chains.set(entry.chain, { name: entry.chain, ...longer });
    },
  });
  if (verified.manifest === undefined)
    throw new InputError("the manifest was changed: there is nothing to report about");
  const { from, to, source, exportedAt } = verified.manifest;
  const asked = {
    from: from === undefined ? 0 : Date.parse(from),
    to: to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to),
  };
  const concerned = [...chains.values()].filter(({ entries }) =>
    entries.some(({ at }) => at >= asked.from && at < asked.to),
  );
  const { rows, pauses, permits, changes } = rowsOf(concerned, now);
  await makeFolder(out);
  const [first = Date.parse(exportedAt)] = verified.covered ?? [];
  const time = { from: from ?? new Date(first).toISOString(), to: to ?? exportedAt };
  const header = { ...time, source, verified, madeAt: new Date(now).toISOString() };
  await writeFile(join(out, "report.html"), reportHtml(rows, pauses, permits, changes, header));
  await writeFile(join(out, "cases.csv"), casesCsv(rows));
  await writeFile(join(out, "changes.csv"), changesCsv(changes));
  return { rows, changes, verified, from: time.from, to: time.to };
}

interface Rows {
  readonly rows: readonly CaseRow[];
  readonly pauses: readonly PauseRow[];
  readonly permits: readonly ListedPermit[];
  readonly changes: readonly ChangeRow[];
}

/** Returns the rows of all cases, oldest first, of all pauses, of all permits that were requested beforehand, and of all other changes. */
function rowsOf(chains: readonly Chain[], now: number): Rows {
  /** Those who gave each permit, by its name. */
  const givers = new Map<string, readonly string[]>();
  for (const { entries } of chains)
    for (const entry of entries)
      if (entry.kind === "permit-issued")
        givers.set(permitText(entry.permit.keyArn, entry.permit.id), entry.permit.approvedBy);
  const pauses = chains.flatMap((chain) => pauseRow(chain) ?? []);
  const permits = chains.flatMap((chain) => plannedPermit(chain, now) ?? []);
  const rows = chains.flatMap(({ entries, head }) => caseRow(entries, head) ?? []);
  return {
    rows: rows
      .map((row) => ({ ...row, permitGivenBy: givers.get(row.permit) ?? [] }))
      .sort((a, b) => a.detectedAt - b.detectedAt),
    pauses: pauses.sort((a, b) => a.number - b.number),
    permits: permits.sort((a, b) => a.at - b.at),
    changes: chains.flatMap((chain) => changeRow(chain) ?? []).sort((a, b) => a.changedAt - b.changedAt),
  };
}
