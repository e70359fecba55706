import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ChainPart, Row, StackPart } from "../parts.ts";
import { useConsoleData } from "./console-data.ts";
import { InclusionCheck } from "./inclusion-check.tsx";
import { PendingPanel } from "./pending-panel.tsx";
import { hashOf } from "./route.ts";
import { RowView } from "./row-view.tsx";
import { kindTexts } from "./row-words.ts";
import { RowsPanel } from "./rows-panel.tsx";
import { get, takeSecret } from "./session.ts";
import { StackPanel } from "./stack-panel.tsx";
import { TopBar, Troubles } from "./top-bar.tsx";
import { UsableChart } from "./usable-chart.tsx";
import { useRoute } from "./use-route.ts";
import { VoteButtons } from "./vote-dialog.tsx";

function App() {
  const { known, hurry } = useConsoleData();
  const { route, filterBy } = useRoute();
  const now = useTime(known.aheadMs);
  const { rows, stacks } = known;
  const { chosen } = route;
  const row = chosen && rows.find(({ name, place }) => name === chosen.name && place === chosen.place);
  const stack = stacks.find(({ place }) => place === (row?.place ?? ""));
  const isRead = stacks.length > 0 && stacks.every(({ roundAt }) => roundAt !== undefined);
  return (
    <>
      <button type="button" class="skip" onClick={skipToList}>
        Skip to the list
      </button>
      <TopBar {...{ known, now, hurry }} />
      <Troubles {...{ known, now }} />
      <main class={chosen ? "with-case" : ""}>
        {chosen ? (
          <section class="panel case" aria-labelledby="case-title">
            <p>
              <a href={hashOf({ filter: route.filter })}>← All cases</a>
            </p>
            <h2 id="case-title">{kindTexts[row?.kind ?? "case"]}</h2>
            {row ? (
              <ChosenRow key={`${row.place}/${row.name}`} {...{ row, stack, now, hurry }} />
            ) : (
              <p class="empty">{isRead ? `The stack has no case or change ${chosen.name}.` : "Reading the stack."}</p>
            )}
          </section>
        ) : null}
        <div class="overview">
          <PendingPanel {...{ rows, route, now }} />
          <StackPanel {...{ stacks, now, hurry }} />
          <UsableChart rows={rows} />
        </div>
        <RowsPanel
          {...{ rows, route, filterBy, now }}
          empty={isRead ? "No key was deleted or changed yet." : "Reading the stack."}
        />
      </main>
    </>
  );
}

interface ChosenProps {
  readonly row: Row;
  readonly stack: StackPart | undefined;
  readonly now: number;
  readonly hurry: () => void;
}

function ChosenRow({ row, stack, now, hurry }: ChosenProps) {
  const chain = useChain(row);
  return (
    <RowView
      {...{ row, chain, now }}
      actions={
        <VoteButtons
          {...{ row, chain }}
          caller={stack?.caller ?? ""}
          noVotes={stack?.noVotes}
          voted={hurry}
          now={now}
        />
      }
    >
      {chain ? <InclusionCheck key={chain.head} {...{ row, chain }} /> : null}
    </RowView>
  );
}

/** Returns the chain of a row, read again whenever the row has changed. */
function useChain(row: Row): ChainPart | undefined {
  const [chain, set] = useState<ChainPart>();
  useEffect(() => {
    let isCurrent = true;
    const query = new URLSearchParams({ place: row.place, name: row.name });
    get<ChainPart>(`/chain?${query}`).then(
      (found) => {
        if (isCurrent && "entries" in found) set(found);
      },
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [row]);
  return chain;
}

/** The stacks' time (ms), drawn again every second. */
function useTime(aheadMs: number): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return Date.now() + aheadMs;
}

function skipToList(): void {
  document.querySelector<HTMLElement>(".list input")?.focus();
}

takeSecret();
const root = document.querySelector("#app");
if (root !== null) {
  root.replaceChildren();
  render(<App />, root);
}
