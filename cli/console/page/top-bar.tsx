import { dateAndTime } from "../../../lib/notices/words.ts";
import type { StackPart } from "../parts.ts";
import type { Known } from "./console-data.ts";
import { ageText } from "./row-words.ts";
import { post } from "./session.ts";
import { clockText } from "./words.ts";

interface TopBarProps {
  readonly known: Known;
  readonly now: number;
  readonly hurry: () => void;
}

/** Which stacks these are, what time it is there, and whether what is shown is fresh. */
export function TopBar({ known: { connection, stacks }, now, hurry }: TopBarProps) {
  const [first] = stacks;
  const refresh = async () => {
    await post("/refresh").catch(() => undefined);
    hurry();
  };
  const title = first === undefined ? "starting" : stacks.length === 1 ? first.title : `${stacks.length} stacks`;
  return (
    <header class="top">
      <h1>reprieve</h1>
      <p class="where">{title}</p>
      {stacks.length === 1 && first?.lastDecided ? (
        <p class={`badge ${first.lastDecided.mode}`}>policy: {first.lastDecided.mode}</p>
      ) : null}
      <time dateTime={new Date(now).toISOString()}>{dateAndTime(now)} UTC</time>
      <button type="button" onClick={() => void refresh()}>
        Read all now
      </button>
      <p class={`connection ${connection === "live" ? "live" : "lost"}`} role="status">
        {connectionText(connection, stacks, now)}
      </p>
    </header>
  );
}

function connectionText(connection: Known["connection"], stacks: readonly StackPart[], now: number): string {
  if (connection === "starting") return "Starting";
  if (connection !== "live") return "Disconnected";
  const oldest = Math.min(...stacks.map(({ readAt = 0 }) => readAt));
  return oldest === 0 ? "Live, reading" : `Live, read ${ageText(now - oldest)} ago`;
}

/** What keeps the page from showing the present, with what to do. */
export function Troubles({ known: { connection, stacks }, now }: Omit<TopBarProps, "hurry">) {
  return (
    <>
      {connection === "refused" ? (
        <p class="trouble" role="alert">
          This page has no valid secret. Open the URL that reprieve console printed; a console that was started again
          printed a new one.
        </p>
      ) : null}
      {connection === "lost" ? (
        <p class="trouble" role="alert">
          The console does not answer: is reprieve console still running? What is shown may be old.
        </p>
      ) : null}
      {stacks.map(({ place, trouble, readAt }) =>
        trouble === undefined ? null : (
          <p class="trouble" role="alert" key={place}>
            {place === "" ? "" : `${place}: `}
            {readAt === undefined ? "Nothing could be read" : `Old data, read ${ageText(now - readAt)} ago`}, since{" "}
            {clockText(trouble.since)} ({trouble.code}): {trouble.message}. Next try {clockText(trouble.nextAt)} UTC.
          </p>
        ),
      )}
    </>
  );
}
