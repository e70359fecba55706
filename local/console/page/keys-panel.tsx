import { useState } from "preact/hooks";
import { useWindow } from "../../../cli/console/page/window-of.ts";
import { leftText, shortName, usageText } from "../../../cli/console/page/words.ts";
import type { Acting, KeyPart, WorldPart } from "../parts.ts";
import { FaultNotes } from "./fault-notes.tsx";

const rowHeight = 62;

interface KeysProps {
  readonly keys: readonly KeyPart[];
  readonly world: WorldPart;
  readonly now: number;
  readonly acting: Acting;
  readonly actAs: (change: Partial<Acting>) => void;
  /** ARN of the key whose case is on show. */
  readonly chosen: string | undefined;
  readonly choose: (arn: string) => void;
  readonly act: (name: string, given?: object) => void;
}

/** Every key with its state, and a way to delete it as one person or another. */
export function KeysPanel({ keys, world, now, acting, actAs, chosen, choose, act }: KeysProps) {
  const [wanted, want] = useState("");
  const { people } = world;
  const found = keys.filter(({ alias, arn, usage }) =>
    `${alias} ${arn} ${usage}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  const { ref, from, to } = useWindow<HTMLDivElement>(found.length, rowHeight);
  return (
    <section class="panel keys" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <div class="controls">
        <label>
          Delete as
          <select value={acting.person} onChange={({ currentTarget }) => actAs({ person: currentTarget.value })}>
            {people.map(({ name, about }) => (
              <option key={name} value={name}>
                {name} ({about})
              </option>
            ))}
          </select>
        </label>
        <label>
          Waiting period
          <select value={acting.days} onChange={({ currentTarget }) => actAs({ days: Number(currentTarget.value) })}>
            {[3, 7, 14, 30, 180].map((days) => (
              <option key={days} value={days}>
                {days} days
              </option>
            ))}
          </select>
        </label>
        <label>
          Find
          <input type="search" value={wanted} onInput={({ currentTarget }) => want(currentTarget.value)} />
        </label>
      </div>
      <FaultNotes world={world} services={["control-plane"]} />
      <div class="rows" ref={ref}>
        <ol
          aria-label={`${found.length} keys`}
          // What is out of sight is room: the list is as long as all of it.
          style={{ paddingTop: `${from * rowHeight}px`, paddingBottom: `${(found.length - to) * rowHeight}px` }}
        >
          {found.slice(from, to).map((key, n) => (
            <KeyRow
              key={key.arn}
              {...{
                shown: key,
                now,
                days: acting.days,
                choose,
                act,
                chosen: key.arn === chosen,
                place: from + n + 1,
                count: found.length,
              }}
            />
          ))}
        </ol>
      </div>
    </section>
  );
}

interface RowProps extends Pick<KeysProps, "now" | "choose" | "act"> {
  readonly shown: KeyPart;
  readonly days: number;
  readonly chosen: boolean;
  readonly place: number;
  readonly count: number;
}

function KeyRow({ shown, now, days, chosen, choose, act, place, count }: RowProps) {
  const { arn, alias, usage, state, preview } = shown;
  const name = alias || shortName(arn);
  return (
    <li class={chosen ? "row chosen" : "row"} aria-posinset={place} aria-setsize={count}>
      <button type="button" class="what" title={`${name}, ${arn}`} aria-pressed={chosen} onClick={() => choose(arn)}>
        <strong>{name}</strong>
        <small>{usageText(usage)}</small>
      </button>
      <span class="standing">
        <StateMark shown={shown} now={now} />
        {preview ? (
          <small>
            policy: {preview.outcome} ({preview.rule})
          </small>
        ) : null}
      </span>
      {state === "DELETE_PENDING" ? (
        <button type="button" onClick={() => act("restore", { key: arn })} aria-label={`Restore ${name} by hand`}>
          Restore
        </button>
      ) : (
        <button
          type="button"
          class="danger"
          disabled={state !== "CREATE_COMPLETE"}
          onClick={() => {
            choose(arn);
            act("delete", { key: arn, days });
          }}
          aria-label={`Delete ${name}`}
        >
          Delete
        </button>
      )}
    </li>
  );
}

function StateMark({ shown: { state, enabled, pendingAt }, now }: { readonly shown: KeyPart; readonly now: number }) {
  if (state === "CREATE_COMPLETE")
    return <span class={`mark ${enabled ? "good" : "warn"}`}>{enabled ? "usable" : "disabled"}</span>;
  if (state !== "DELETE_PENDING") return <span class="mark dead">{state}</span>;
  return (
    <span class="mark bad">
      DELETE_PENDING <span class="left">{leftText((pendingAt ?? now) - now)}</span>
    </span>
  );
}
