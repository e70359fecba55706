import { useEffect, useRef } from "preact/hooks";
import { clockText } from "../../../cli/console/page/words.ts";
import type { State } from "./connection.ts";

interface ActivityProps {
  readonly lines: State["lines"];
  readonly choose: (name: string) => void;
}

/** What happens, as it happens; a line of a case leads to it. */
export function ActivityPanel({ lines, choose }: ActivityProps) {
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const last = useRef(0);
  useEffect(() => {
    const box = list.current;
    if (box && atEnd.current) box.scrollTop = box.scrollHeight;
  }, [lines.at(-1)?.lineNumber]);
  const scrolled = ({
    currentTarget: { scrollTop, scrollHeight, clientHeight },
  }: {
    currentTarget: HTMLOListElement;
  }) => {
    // Only who scrolls up wants to stay: lines that are added also make the end farther.
    if (scrollTop < last.current - 1) atEnd.current = false;
    if (scrollHeight - scrollTop - clientHeight < 40) atEnd.current = true;
    last.current = scrollTop;
  };
  return (
    <section class="panel activity" aria-labelledby="activity-title">
      <h2 id="activity-title">Activity</h2>
      {lines.length === 0 ? <p class="empty">Nothing has happened yet.</p> : null}
      <ol class="lines" ref={list} onScroll={scrolled} tabIndex={0} aria-label="What happened" aria-live="polite">
        {lines.map(({ lineNumber, at, actor, text, tone, case: caseName }) => (
          <li key={lineNumber} class={tone}>
            <time dateTime={new Date(at).toISOString()}>{clockText(at)}</time>
            {caseName ? (
              <button type="button" class="link" onClick={() => choose(caseName)}>
                {actor}
              </button>
            ) : (
              <span class="who">{actor}</span>
            )}
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
