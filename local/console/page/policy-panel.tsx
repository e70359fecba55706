import { useEffect, useRef } from "preact/hooks";
import type { PolicyPart } from "../parts.ts";

interface PolicyProps {
  readonly policy: PolicyPart;
  /** Id of the rule that decided the case on show. */
  readonly deciding: string | undefined;
}

/** More than anyone reads here; each is drawn. */
const maxLines = 5_000;

const guards = {
  "runs-it": "the guard runs it",
  building: "building it into the guard",
  stale: "the guard still runs the one before",
} as const;

/** The policy file as it is, with the rule that decided. Read-only: your editor is where it is changed. */
export function PolicyPanel({ policy, deciding }: PolicyProps) {
  const { file, text, rules, faults, doubts, guard } = policy;
  const lines = text.split("\n");
  const rule = rules.find(({ id }) => id === deciding);
  const first = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const line = first.current;
    const box = line?.parentElement;
    if (line && box) box.scrollTop = line.offsetTop - box.clientHeight / 3;
  }, [deciding, rule?.from]);
  return (
    <section class="panel policy" aria-labelledby="policy-title">
      <h2 id="policy-title">Policy</h2>
      <p class="note">
        <code>{file}</code>: save it in your editor, and the decisions here change. Now{" "}
        <span role="status">{guards[guard]}</span>.
      </p>
      {[...faults.map((each) => ["bad", each] as const), ...doubts.map((each) => ["warn", each] as const)].map(
        ([how, { line, column, field, message }]) => (
          <p class={`said ${how}`} role={how === "bad" ? "alert" : undefined} key={`${line}:${column}${message}`}>
            {line}:{column} {field} {message}
          </p>
        ),
      )}
      <ol class="source" tabIndex={0} aria-label={rule ? `The policy; rule ${rule.id} decided` : "The policy"}>
        {lines.slice(0, maxLines).map((line, n) => {
          const decides = rule !== undefined && n + 1 >= rule.from && n + 1 <= rule.to;
          const faulty = faults.some((fault) => fault.line === n + 1);
          return (
            <li
              key={n}
              ref={decides && n + 1 === rule.from ? first : null}
              class={faulty ? "faulty" : decides ? "deciding" : ""}
            >
              <code>{line || " "}</code>
            </li>
          );
        })}
        {lines.length > maxLines ? <li>and {lines.length - maxLines} more lines</li> : null}
      </ol>
    </section>
  );
}
