/** Measures everything that speed means here, or the parts named by `--only`, and prints one table. A whole run also writes bench/results.json and docs/performance.md. */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Bench, Effort } from "./bench.ts";
import { benches } from "./benches.ts";
import type { Measured } from "./measured.ts";
import { writePage } from "./page/write-page.ts";
import { isReached } from "./result.ts";
import { readResults, resultsOf, withMeasured, writeResults } from "./results.ts";
import { tableText } from "./table.ts";

const usage = `usage: npm run bench [-- --only NAME ...] [--quick] [--entries N] [--mb N]

  --only NAME    one of ${benches.map(({ name }) => name).join(", ")}; again for another
  --quick        fewer rounds and smaller inputs: to see that it works, not to believe
  --entries N    entries that verify verifies
  --mb N         megabytes of logs that replay reads
  --keep         with --only: writes what was measured into bench/results.json and the page, beside what is there of the others
  --page         measures nothing, and writes docs/performance.md again out of bench/results.json

Without --only and --quick it takes some ten minutes, and writes bench/results.json, docs/performance.md and its charts.`;

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    quick: { type: "boolean", default: false },
    entries: { type: "string" },
    mb: { type: "string" },
    keep: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
    help: { type: "boolean" },
  },
});
const chosen = benches.filter(({ name }) => values.only?.includes(name) ?? true);
if (values.help === true || chosen.length < (values.only?.length ?? 0)) {
  console.error(usage);
  process.exit(values.help === true ? 0 : 2);
}
const effort: Effort = {
  quick: values.quick,
  progress,
  ...(values.entries !== undefined && { entries: Number(values.entries) }),
  ...(values.mb !== undefined && { megabytes: Number(values.mb) }),
};
const measured: Measured[] = [];
if (values.page) writePage(readResults());
else for (const bench of chosen) measured.push(await measure(bench));
progress("");
if (measured.length === benches.length && !values.quick) {
  writeResults(resultsOf(measured));
  writePage(readResults());
} else if (values.keep && !values.quick) {
  const names = benches.map(({ name }) => name);
  writeResults(withMeasured(readResults(), measured, names));
  writePage(readResults());
}
if (measured.length > 0) console.log(tableText(measured));
if (measured.some(({ results }) => results.some((result) => isReached(result) === false))) process.exitCode = 1;

async function measure({ name, title, about, measure: run }: Bench): Promise<Measured> {
  const [began, loadBefore] = [performance.now(), lastMinute()];
  const results = await run(effort);
  const load = Number(((loadBefore + lastMinute()) / 2).toFixed(1));
  return { name, title, about, seconds: Math.round((performance.now() - began) / 1000), load, results };
}

function lastMinute(): number {
  return loadavg()[0] ?? 0;
}

/** One line that is written over, or on no terminal one after the other. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else if (text !== "") process.stderr.write(`${text}\n`);
}
