import { benches as reasons } from "../benches.ts";
import type { Measured } from "../measured.ts";
import { isReached, type Result } from "../result.ts";
import type { Results } from "../results.ts";
import { rowsOf } from "../table.ts";

/** docs/performance.md, whole. */
export function pageOf(results: Results, charts: ReadonlySet<string>): string {
  const { measuredAt, machine, node, seconds, benches } = results;
  const all = benches.flatMap((bench) => bench.results);
  const withTarget = all.filter(({ target }) => target !== undefined);
  const reached = withTarget.filter((result) => isReached(result));
  return `<!-- Written by npm run bench out of bench/results.json. What is changed here by hand is lost. -->

# How fast it is, and against what

Measured on ${measuredAt}: ${machine}, Node ${node.slice(1)}, in one run of ${Math.round(seconds / 60)} min${laterText(benches)}. Both sides of each line in the same run, alternating; medians, and the spread between
the tenth and the ninetieth percentile of the runs. Ratios are those of neighbouring runs. Numbers of this machine are to be compared with each other only; \`npm run bench\` measures yours.

**${reached.length} of ${withTarget.length} targets are reached.**${missedText(benches)}

${image("targets", charts)}${benches.map((bench) => sectionOf(bench, charts)).join("")}`
    .trimEnd()
    .concat("\n");
}

/** Which benches were measured alone since, and when. */
function laterText(benches: readonly Measured[]): string {
  const later = benches.flatMap(({ name, measuredAt }) =>
    measuredAt === undefined ? [] : [`\`${name}\` on ${measuredAt}`],
  );
  return later.length === 0 ? "" : `; ${later.join(", ")}, and the others were not measured again then`;
}

function missedText(benches: readonly Measured[]): string {
  const missed = benches.flatMap(({ name, title, results }) =>
    results
      .filter((result) => isReached(result) === false)
      .map((result) => `- **${title}**, ${result.name}. ${whyOf(name, result)}`),
  );
  return missed.length === 0 ? "" : ` Not reached:\n\n${missed.join("\n")}`;
}

function whyOf(bench: string, { name }: Result): string {
  return reasons.find((each) => each.name === bench)?.ifMissed?.[name] ?? "Why is not known.";
}

function sectionOf({ name, title, about, results }: Measured, charts: ReadonlySet<string>): string {
  const [head = [], ...rows] = rowsOf([{ name, title, about, seconds: 0, results }]);
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const table = [
    line(head),
    line(head.map(() => "---")),
    ...rows.map((row) => line([row[0]?.slice(name.length + 2) ?? "", ...row.slice(1)])),
  ];
  return `## ${title}

${about}

\`npm run bench -- --only ${name.includes(" ") ? `"${name}"` : name}\`

${table.join("\n")}

${image(name.replaceAll(" ", "-"), charts)}`;
}

function image(name: string, charts: ReadonlySet<string>): string {
  return charts.has(name) ? `![${name}](performance/${name}.svg)\n\n` : "";
}
