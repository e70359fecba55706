import type { ComponentChildren } from "preact";
import { Timeline } from "../../../cli/console/page/timeline.tsx";
import { clockText, shortCase } from "../../../cli/console/page/words.ts";
import type { CasePart } from "../parts.ts";

interface CasesProps {
  readonly cases: readonly CasePart[];
  readonly chosen: CasePart | undefined;
  readonly choose: (name: string) => void;
  /** What else happened to the key. */
  readonly children?: ComponentChildren;
}

/** One case, entry by entry, with its chain of hashes; and the others to choose from. */
export function CasePanel({ cases, chosen, choose, children }: CasesProps) {
  return (
    <section class="panel case" aria-labelledby="case-title">
      <h2 id="case-title">Case</h2>
      {chosen ? (
        <>
          <label class="controls">
            Show
            <select value={chosen.name} onChange={({ currentTarget }) => choose(currentTarget.value)}>
              {cases.slice(0, 200).map(({ name, title, openedAt, state }) => (
                <option key={name} value={name}>
                  {title}, {shortCase(name)}, {clockText(openedAt)}, {state}
                </option>
              ))}
            </select>
          </label>
          <OneCase shown={chosen} />
        </>
      ) : (
        <p class="empty">
          A case is one scheduled deletion of one key. Delete a key, and its case is shown here, entry by entry, as it
          comes about.
        </p>
      )}
      {children}
    </section>
  );
}

function OneCase({ shown }: { readonly shown: CasePart }) {
  const { title, keyArn, outcome, rule, requester, state, entries, passedOver, morePassedOver } = shown;
  return (
    <>
      <dl class="facts">
        <dt>Key</dt>
        <dd title={keyArn}>{title}</dd>
        <dt>State</dt>
        <dd>{state}</dd>
        <dt>Deleted by</dt>
        <dd>{requester || "nobody known"}</dd>
        <dt>Decided</dt>
        <dd>{outcome ? `${outcome} by ${rule}` : "not yet"}</dd>
      </dl>
      {passedOver.length > 0 ? (
        <details>
          <summary>Rules before it, and why they do not match</summary>
          <ul class="why">
            {passedOver.map((each) => (
              <li key={each.rule}>
                {each.rule}: <em>{each.failed}</em> fails
              </li>
            ))}
            {morePassedOver > 0 ? <li>and {morePassedOver} more</li> : null}
          </ul>
        </details>
      ) : null}
      <Timeline entries={entries} head={shown.head} label="Entries" />
    </>
  );
}
