import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../shell/input-error.ts";
import { type Prover, proverOf } from "../trail/prove-case.ts";
import type { FullCase } from "./page/case-facts.ts";
import { certificatesHtml } from "./page/certificates.ts";
import { certificatesFile, workPapersFile } from "./page/report-page.ts";
import { type Paper, workPapersHtml } from "./page/work-papers.ts";
import type { CaseRow } from "./rows/case-row.ts";
import { type KeptChain, type KeptLog, readKept } from "./rows/kept-log.ts";
import type { ReportData } from "./rows/report-data.ts";

/** What the sheets of single cases are made of. */
export interface SheetSource {
  readonly log: KeptLog;
  readonly leaves: readonly Buffer[];
}

/** Writes the pages that have a sheet for each case: work papers with proofs of what was drawn, and of keys that were destroyed. Returns their names. */
export async function writeSheets(out: string, data: ReportData, source: SheetSource): Promise<readonly string[]> {
  const { cover, rows, sample } = data;
  const kept = new Map([...source.log.chains()].map((chain) => [chain.name, chain]));
  const destroyed = rows.filter(({ end }) => end === "key-destroyed");
  const files: string[] = [];
  if (destroyed.length > 0) {
    const sheets = destroyed.map((row) => fullCase(row, kept));
    await writeFile(join(out, certificatesFile), certificatesHtml(cover, sheets));
    files.push(certificatesFile);
  }
  if (sample !== undefined) {
    const papers = await writePapers(
      out,
      sample.rows.map((row) => fullCase(row, kept)),
      proverFor(data, source),
    );
    await writeFile(join(out, workPapersFile), workPapersHtml(cover, sample.draw, papers));
    files.push(workPapersFile);
  }
  return files;
}

/** A case with all of its entries, also those after the period: what is inspected is the whole of it. */
function fullCase(row: CaseRow, chains: ReadonlyMap<string, KeptChain>): FullCase {
  const kept = chains.get(row.case);
  if (kept === undefined) throw new TypeError("a row has no chain");
  return { row, entries: readKept(kept).entries, texts: kept.texts, indexes: kept.indexes };
}

function proverFor({ cover }: ReportData, { leaves }: SheetSource): Prover | string {
  try {
    return proverOf(cover.verified, leaves);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

async function writePapers(
  out: string,
  cases: readonly FullCase[],
  prover: Prover | string,
): Promise<readonly Paper[]> {
  const papers: Paper[] = [];
  for (const [n, full] of cases.entries()) {
    const folder = `proofs-${String(n + 1).padStart(3, "0")}`;
    if (typeof prover === "string") papers.push({ ...full, proofs: { none: prover } });
    else {
      papers.push({ ...full, proofs: await writeProofs(prover, join(out, folder), folder, full) });
    }
  }
  return papers;
}

async function writeProofs(
  prover: Prover,
  path: string,
  folder: string,
  { texts, indexes }: FullCase,
): Promise<Paper["proofs"]> {
  try {
    await prover.write(
      path,
      texts.map((text, n) => ({ text, index: indexes[n] ?? -1, seq: n + 1 })),
    );
    return { folder };
  } catch (error) {
    // What the checkpoint does not cover is a finding of the verification; the paper says that it has no proof.
    if (error instanceof InputError) return { none: error.message };
    throw error;
  }
}
