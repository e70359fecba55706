import { useState } from "preact/hooks";
import { stateText, toneOf } from "../../../cli/console/page/row-words.ts";
import { Timeline } from "../../../cli/console/page/timeline.tsx";
import { clockText, shortName } from "../../../cli/console/page/words.ts";
import type { KeyPart, RecordPart } from "../parts.ts";

interface ChangesProps {
  readonly changes: readonly RecordPart[];
  /** The key that is looked at: its changes alone are listed. */
  readonly shown: KeyPart | undefined;
  readonly act: (name: string, given?: object) => void;
}

/** Changes other than deletions: of the key that is looked at, or of all; and a way to stop or start it. */
export function ChangesSection({ changes, shown, act }: ChangesProps) {
  const listed = shown === undefined ? changes : changes.filter(({ row }) => row.keyArn === shown.arn);
  return (
    <section class="changes" aria-labelledby="changes-title">
      <h3 id="changes-title">Other changes</h3>
      {shown?.state === "CREATE_COMPLETE" ? <UsageButton shown={shown} act={act} /> : null}
      {listed.length === 0 ? <p class="empty">None. Stop a key, and what follows is shown here.</p> : null}
      <ul class="why" aria-label="Changes">
        {listed.slice(0, 50).map((change) => (
          <li key={change.name}>
            <OneChange change={change} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function UsageButton({ shown, act }: { readonly shown: KeyPart; readonly act: ChangesProps["act"] }) {
  const name = shown.alias || shortName(shown.arn);
  return (
    <button type="button" onClick={() => act(shown.enabled ? "stop" : "start", { key: shown.arn })}>
      {shown.enabled ? "Stop" : "Start"} key usage of {name}
    </button>
  );
}

/** A timeline is checked once it is opened, not for each row. */
function OneChange({ change }: { readonly change: RecordPart }) {
  const [open, setOpen] = useState(false);
  const { title, at, requesterName, outcome } = change.row;
  const { entries, head } = change.chain;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span class={`mark ${toneOf(change.row)}`}>{stateText(change.row.state)}</span> {title}, {clockText(at)}:{" "}
        {requesterName} {outcome}
      </summary>
      {open ? <Timeline entries={entries} head={head} label={`Entries of ${title}`} /> : null}
    </details>
  );
}
