import { clockText } from "../../../cli/console/page/words.ts";
import type { State } from "./connection.ts";

interface LatestProps {
  readonly lines: State["lines"];
  readonly choose: (name: string) => void;
}

/** On a phone, where the panels lie far apart: what happened last is always in view, with the way to its case. */
export function LatestBar({ lines, choose }: LatestProps) {
  const last = lines.at(-1);
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
