import { clockText } from "../../../cli/console/page/words.ts";
import type { State } from "./connection.ts";

interface LatestProps {
  readonly lines: State["lines"];
  readonly choose: (name: string) => void;
}

/** On a phone, where the panels lie far apart: what happened last is always in view, with the way to its case. */
export function LatestBar({ lines, choose }: LatestProps) {
  const newest = lines.at(-1);
  // Of what follows an outcome, such as the name of the key, no one needs to know.
  const outcome = lines.findLast((line) => line.case === newest?.case && line.tone !== "plain");
  const last = outcome ?? newest;
  if (last === undefined) return null;
  const { at, actor, text, tone, case: caseName } = last;
  const show = (name: string) => {
    choose(name);
    document.querySelector(".case")?.scrollIntoView({ block: "start" });
  };
  return (
    <aside class={`latest ${tone}`} aria-label="What happened last">
      <time dateTime={new Date(at).toISOString()}>{clockText(at)}</time>
      <span>
        <strong>{actor}</strong> {text}
      </span>
      {caseName === undefined ? null : (
        <button type="button" class="small" onClick={() => show(caseName)}>
          Case
        </button>
      )}
    </aside>
  );
}
