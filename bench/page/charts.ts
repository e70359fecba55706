import type { Measured } from "../measured.ts";
import { otherText, oursText, quantityText } from "../numbers.ts";
import { isReached, judged, type Result } from "../result.ts";
import type { Results } from "../results.ts";
import type { Bar, Chart } from "./chart.ts";

/** The charts of the page, by the names of their files. */
export function chartsOf({ benches }: Results): Readonly<Record<string, Chart>> {
  const resultsOf = (name: string) => benches.find((bench) => bench.name === name)?.results ?? [];
  const sides = (name: string, title: string, unit: Result["unit"], scale: Chart["scale"] = "linear"): Chart => ({
    title,
    axis: `${unitText[unit]}; the line in a bar spans the middle 80 % of the runs${scale === "log" ? "; logarithmic" : ""}`,
    scale,
    groups: besideEachOther(resultsOf(name).filter((result) => result.unit === unit)),
  });
  return {
    targets: targets(benches),
    import: sides("import", "Import of each bundle, in a fresh process", "ms"),
    "first-event": sides("first event", "Import and first event, in a fresh process", "ms"),
    warm: sides("warm", "An event in an environment that has run before", "ms"),
    callback: sides("callback", "A callback until its answer", "ms", "log"),
    sweep: sides("sweep", "Until all keys are usable, where every event was lost", "s", "log"),
  };
}

const unitText: Readonly<Partial<Record<Result["unit"], string>>> = {
  ms: "milliseconds",
  s: "seconds",
};

/** Results of one name are one of ours against several others, or ours in several circumstances. */
function besideEachOther(results: readonly Result[]): Chart["groups"] {
  const names = [...new Set(results.map(({ name }) => name))];
  return names.map((name) => {
    const own = results.filter((result) => result.name === name);
    const others = own.flatMap((result) => otherBar(result) ?? []);
    const [first] = own;
    return { name, bars: [...(first === undefined ? [] : [oursBar(first)]), ...others] };
  });
}

function oursBar(result: Result): Bar {
  const { median, low, high } = result.ours;
  return { name: "reprieve", value: median, low, high, text: oursText(result), ours: true };
}

function otherBar(result: Result): Bar | undefined {
  if (result.other === undefined) return undefined;
  const { reference, median, low, high } = result.other;
  return { name: reference, value: median, low, high, text: otherText(result), ours: false };
}

/** How much of each target is used up: at 1 and below it is reached. */
function targets(benches: readonly Measured[]): Chart {
  const groups = benches.map(({ title, results }) => ({
    name: title,
    bars: results.flatMap((result) => targetBar(result) ?? []),
  }));
  return {
    title: "What each target permits, and how much of it is used",
    axis: "measured / permitted; what stands right of the dashed line misses its target, and is grey",
    scale: "linear",
    mark: 1,
    groups: groups.filter(({ bars }) => bars.length > 0),
  };
}

function targetBar(result: Result): Bar | undefined {
  const { target } = result;
  const verdict = judged(result);
  if (target === undefined || verdict === undefined) return undefined;
  const share = (value: number) => Math.max(0, value) / target.atMost;
  const [low = 0, high = 0] = [share(verdict.low), share(verdict.high)].toSorted((a, b) => a - b);
  const value = share(verdict.median);
  return {
    name: result.name,
    value,
    low,
    high,
    text: quantityText({ ...verdict, median: value }, ""),
    ours: isReached(result) === true,
  };
}
