import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../../scripts/bundle.ts";
import type { Results } from "../results.ts";
import { chartSvg } from "./chart.ts";
import { chartsOf } from "./charts.ts";
import { custodianResults, custodianSection } from "./custodian.ts";
import { pageOf } from "./page.ts";

/** The page and its charts, as they stand in docs/: by the path of each from there. */
export function filesOf(results: Results): Readonly<Record<string, string>> {
  const charts = Object.entries(chartsOf(results)).filter(([, { groups }]) =>
    groups.some(({ bars }) => bars.length > 0),
  );
  return {
    "performance.md": `${pageOf(results, new Set(charts.map(([name]) => name)))}${custodianSection(custodianResults())}`,
    ...Object.fromEntries(charts.map(([name, chart]) => [`performance/${name}.svg`, chartSvg(chart)])),
  };
}

export function writePage(results: Results): void {
  const docs = resolve(root, "docs");
  rmSync(join(docs, "performance"), { recursive: true, force: true });
  mkdirSync(join(docs, "performance"));
  for (const [path, text] of Object.entries(filesOf(results))) writeFileSync(join(docs, path), text);
}
