import { dateAndTime } from "../../../lib/notices/words.ts";
import type { CasePart, EntryPart } from "../parts.ts";
import { type CheckedEntry, useCheckedChain } from "./chain.ts";
import { CopyButton } from "./copy-button.tsx";
import { clockText, shortCase } from "./words.ts";

interface CasesProps {
  readonly cases: readonly CasePart[];
  readonly chosen: CasePart | undefined;
  readonly choose: (name: string) => void;
}

/** One case, entry by entry, with its chain of hashes; and the others to choose from. */
export function CasePanel({ cases, chosen, choose }: CasesProps) {
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
    </section>
  );
}

function OneCase({ shown }: { readonly shown: CasePart }) {
  const checked = useCheckedChain(shown);
  const whole = checked.length === shown.entries.length && checked.every(({ holds }) => holds);
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
      <ol class="timeline" aria-label="Entries">
        {entries.map((entry, n) => (
          <Entry key={entry.seq} entry={entry} checked={checked[n]} />
        ))}
      </ol>
      <p class={whole ? "chain good" : "chain"}>
        {whole ? "✓ every link holds, as this browser computed it" : "checking the chain"}
      </p>
    </>
  );
}

function Entry({ entry, checked }: { readonly entry: EntryPart; readonly checked: CheckedEntry | undefined }) {
  const { at, sentence, text, seq } = entry;
  return (
    <li>
      <time dateTime={new Date(at).toISOString()} title={dateAndTime(at)}>
        {clockText(at)}
      </time>
      <div>
        <p>{sentence}</p>
        <details>
          <summary>
            <code>{checked ? checked.hash.slice(0, 12) : "............"}</code>
            <span class={checked?.holds === false ? "mark bad" : "mark good"}>
              {checked === undefined ? "" : checked.holds ? "✓ linked" : "✗ broken"}
            </span>
            <span>JSON</span>
          </summary>
          <pre>{pretty(text)}</pre>
          <CopyButton text={text} content={`entry ${seq} as JSON`} />
        </details>
      </div>
    </li>
  );
}

function pretty(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2);
}
