import { dateAndTime } from "../../../lib/notices/words.ts";
import type { EntryPart } from "../parts.ts";
import { type CheckedEntry, useCheckedChain } from "./chain.ts";
import { CopyButton } from "./copy-button.tsx";
import { clockText } from "./words.ts";

interface TimelineProps {
  readonly entries: readonly EntryPart[];
  /** The SHA-256 that the item itself names as that of its last entry. */
  readonly head: string;
  readonly label: string;
  /** Whether the chain is damaged after the entries that are shown. */
  readonly isCut?: boolean;
}

/** The entries of a chain, each with its hash as this browser computed it. */
export function Timeline({ entries, head, label, isCut = false }: TimelineProps) {
  const checked = useCheckedChain({ entries, head });
  const whole = checked.length === entries.length && checked.every(({ holds }) => holds);
  return (
    <>
      <ol class="timeline" aria-label={label}>
        {entries.map((entry, n) => (
          <Entry key={entry.seq} entry={entry} checked={checked[n]} />
        ))}
      </ol>
      {isCut ? null : (
        <ChainVerdict verdict={whole ? "whole" : checked.length < entries.length ? "checking" : "broken"} />
      )}
    </>
  );
}

const verdicts = {
  whole: "✓ every link holds, as this browser computed it",
  checking: "checking the chain",
  broken: "✗ a link is broken, as this browser computed it: run reprieve audit verify",
} as const;

function ChainVerdict({ verdict }: { readonly verdict: keyof typeof verdicts }) {
  return (
    <p class={verdict === "whole" ? "chain good" : verdict === "broken" ? "chain bad" : "chain"}>{verdicts[verdict]}</p>
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

/** Characters that change what a reader sees around them: their escapes mean the same in JSON. */
const hiding = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

function pretty(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(JSON.parse(text), null, 2).replace(hiding, escaped);
}
