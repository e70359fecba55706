import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { hashOf } from "../../../cli/console/page/route.ts";
import { noFilter } from "../../../cli/console/page/row-filter.ts";
import { RowView } from "../../../cli/console/page/row-view.tsx";
import { kindTexts } from "../../../cli/console/page/row-words.ts";
import { RowsPanel } from "../../../cli/console/page/rows-panel.tsx";
import { useRoute } from "../../../cli/console/page/use-route.ts";
import type { RecordPart } from "../parts.ts";
import { useActing } from "./acting.ts";
import { ActivityPanel } from "./activity-panel.tsx";
import { ChangesSection } from "./changes-section.tsx";
import { act, listen, type State } from "./connection.ts";
import { FaultNotes } from "./fault-notes.tsx";
import { KeysPanel } from "./keys-panel.tsx";
import { LabPanel } from "./lab-panel.tsx";
import { LatestBar } from "./latest-bar.tsx";
import { PolicyPanel } from "./policy-panel.tsx";
import { SlackPanel } from "./slack-panel.tsx";
import { TopBar } from "./top-bar.tsx";

function App() {
  const [acting, actAs] = useActing();
  const state = useWorld(acting);
  const { live, world, clock, policy, slack, keys, cases, changes, lines } = state;
  const now = useWorldTime(clock);
  const { route, filterBy } = useRoute();
  const [keyOnShow, showKey] = useState<string>();
  const [trouble, report] = useState<string>();
  const [busy, setBusy] = useState(0);
  const doIt = (name: string, given?: object) => {
    setBusy((acts) => acts + 1);
    void act(name, { ...given, ...(given && "key" in given && { person: acting.person }) }).then((message) => {
      setBusy((acts) => acts - 1);
      report(message);
    });
  };
  /** A key's newest case is shown, whatever the address says. */
  const chooseKey = (arn: string) => {
    showKey(arn);
    location.hash = hashOf({ filter: route.filter });
  };
  const chosen = chosenOf([...cases, ...changes], cases, route.chosen?.name, keyOnShow);
  const key = chosen?.row.keyArn ?? keyOnShow;
  const rows = useMemo(() => [...cases, ...changes].map(({ row }) => row), [cases, changes]);
  const choose = (name: string) => {
    location.hash = hashOf({ chosen: { place: "", name }, filter: noFilter });
  };
  return (
    <>
      <button type="button" class="skip" onClick={skipToKeys}>
        Skip to the keys
      </button>
      <TopBar {...{ live, busy: busy > 0, now, world, clock, policy, act: doIt }} />
      {trouble === undefined ? null : (
        <p class="trouble" role="alert">
          {trouble}
          <button type="button" class="small" onClick={() => report(undefined)}>
            Dismiss
          </button>
        </p>
      )}
      <p class="lede">
        Delete a key as someone. The guard looks it up in the policy and brings the key back, asks people, or lets it
        go; every step is on the record of its case.
      </p>
      <main>
        {world ? (
          <KeysPanel {...{ keys, world, now, acting, actAs, chosen: key, choose: chooseKey, act: doIt }} />
        ) : null}
        <section class="panel case" aria-labelledby="case-title">
          <h2 id="case-title">{kindTexts[chosen?.row.kind ?? "case"]}</h2>
          {world ? <FaultNotes world={world} services={["store", "bus", "queue", "history"]} /> : null}
          {chosen ? (
            <RowView key={chosen.name} row={chosen.row} chain={chosen.chain} now={now} />
          ) : (
            <p class="empty">
              A case is one scheduled deletion of one key. Delete a key, and its case is shown here, entry by entry, as
              it comes about.
            </p>
          )}
          <ChangesSection {...{ changes, shown: keys.find(({ arn }) => arn === key), act: doIt }} />
        </section>
        {slack && world ? <SlackPanel slack={slack} world={world} /> : null}
        {policy ? <PolicyPanel policy={policy} deciding={chosen?.row.rule} /> : null}
        <ActivityPanel lines={lines} choose={choose} />
        <RowsPanel {...{ rows, route, filterBy, now }} empty="No key was deleted or changed yet." />
        {world ? <LabPanel world={world} acting={acting} act={doIt} /> : null}
      </main>
      <LatestBar lines={lines} choose={choose} />
    </>
  );
}

/** The case or change of the address, else the newest case of the key that was chosen, else the newest case. */
function chosenOf(
  all: readonly RecordPart[],
  cases: readonly RecordPart[],
  name: string | undefined,
  key: string | undefined,
): RecordPart | undefined {
  if (name !== undefined) return all.find((each) => each.name === name);
  return key === undefined ? cases[0] : cases.find(({ row }) => row.keyArn === key);
}

/** Returns what the server has sent so far to a tab that acts as someone. */
function useWorld(acting: Parameters<typeof listen>[0]): State {
  const [state, set] = useState<State>({ live: false, keys: [], cases: [], changes: [], lines: [] });
  useEffect(() => listen(acting, set), [acting]);
  return state;
}

/** The world's time (ms), drawn again every second. */
function useWorldTime(clock: State["clock"]): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return Date.now() + (clock?.aheadMs ?? 0);
}

function skipToKeys(): void {
  document.querySelector<HTMLElement>(".keys select")?.focus();
}

const root = document.querySelector("#app");
if (root !== null) {
  root.replaceChildren();
  render(<App />, root);
}
