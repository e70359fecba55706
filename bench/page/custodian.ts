import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "../../scripts/bundle.ts";
import { numberText } from "../numbers.ts";

/** One side's reaction to the events: states and calls of all rounds, without repeats, and medians in ms. */
interface SideFigures {
  readonly keyStates: readonly string[];
  readonly calls: readonly string[];
  readonly importMs: number;
  readonly eventMs: number;
}

/** The guard and Cloud Custodian, given the same events. */
export interface SideBySide {
  readonly measuredAt: string;
  readonly version: string;
  readonly rounds: number;
  readonly ours: SideFigures;
  readonly theirs: SideFigures;
  /** One first event of the guard at the template's pace, in ms. */
  readonly pacedEventMs: number;
  /** Medians of ours divided by theirs in the same round. */
  readonly importRatio: number;
  readonly eventRatio: number;
}

const file = resolve(root, "bench/custodian.json");

export function custodianResults(): SideBySide {
  return JSON.parse(readFileSync(file, "utf8")) as SideBySide;
}

export function writeCustodianResults(results: SideBySide): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** Returns the section of docs/performance.md. */
export function custodianSection(results: SideBySide): string {
  const { measuredAt, version, rounds, ours, theirs, pacedEventMs, importRatio, eventRatio } = results;
  const row = (name: string, one: string, other: string, ratio: string) => `| ${name} | ${one} | ${other} | ${ratio} |`;
  const ms = (figure: number) => `${numberText(figure)} ms`;
  return `
## The same event, handled by Cloud Custodian

The same DeleteKey event, the same local control plane, one run: the packaged guard, and Cloud Custodian ${version} by the entry point of its Lambda function, each in a new process per event.
Custodian has no action that restores a payment key, and lists only keys that are not pending; its policy subscribes to DeleteKey and tags the key. The guard's limit of calls a second is lifted here: with the deployed limit of 1.5 it waits between its calls, and the first event took ${ms(pacedEventMs)}.
Measured on ${measuredAt}, medians of ${rounds} events, on a machine with other work; a ratio is the median of the ${rounds} ratios, each of one event:

\`REPRIEVE_MEASURE=1 npm run test:interop -- --only custodian\`

|  | guard | Cloud Custodian | guard to Custodian |
| --- | --- | --- | --- |
${row("state of the key afterwards", ours.keyStates.join(" or "), theirs.keyStates.join(" or "), "")}
${row("calls to the control plane", ours.calls.join(" or "), theirs.calls.join(" or "), "")}
${row("import", ms(ours.importMs), ms(theirs.importMs), `${numberText(importRatio)} x`)}
${row("first event", ms(ours.eventMs), ms(theirs.eventMs), `${numberText(eventRatio)} x`)}
`;
}
