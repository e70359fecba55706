import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ActivityPanel } from "./activity-panel.tsx";
import { CasePanel } from "./case-panel.tsx";
import { ChangesSection } from "./changes-section.tsx";
import { act, listen, type State } from "./connection.ts";
import { KeysPanel } from "./keys-panel.tsx";
import { LabPanel } from "./lab-panel.tsx";
import { PolicyPanel } from "./policy-panel.tsx";
import { SlackPanel } from "./slack-panel.tsx";
import { TopBar } from "./top-bar.tsx";

/** What is looked at: a key's newest case, or one case by its name. */
type Choice = { readonly key: string } | { readonly case: string } | undefined;

function App({ state }: { readonly state: State }) {
  const { live, world, clock, policy, slack, keys, cases, changes, lines } = state;
  const now = useWorldTime(clock);
  const [choice, choose] = useState<Choice>();
  const [trouble, tell] = useState<string>();
  const [busy, setBusy] = useState(0);
  const doIt = (name: string, given?: object) => {
    setBusy((acts) => acts + 1);
    void act(name, given).then((message) => {
      setBusy((acts) => acts - 1);
      tell(message);
    });
  };
  const chosen = cases.find(({ name, keyArn }) =>
    choice === undefined ? true : "key" in choice ? keyArn === choice.key : name === choice.case,
  );
  const key = chosen?.keyArn ?? (choice && "key" in choice ? choice.key : undefined);
  return (
    <>
      <a class="skip" href="#keys-title">
        Skip to the keys
      </a>
      <TopBar {...{ live, busy: busy > 0, now, world, clock, policy, act: doIt }} />
      {trouble === undefined ? null : (
        <p class="trouble" role="alert">
          {trouble}
          <button type="button" class="small" onClick={() => tell(undefined)}>
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
          <KeysPanel {...{ keys, world, now, chosen: key, choose: (arn) => choose({ key: arn }), act: doIt }} />
        ) : null}
        <CasePanel {...{ cases, chosen, choose: (name) => choose({ case: name }) }}>
          <ChangesSection {...{ changes, shown: keys.find(({ arn }) => arn === key), act: doIt }} />
        </CasePanel>
        {slack ? <SlackPanel slack={slack} /> : null}
        {policy ? <PolicyPanel policy={policy} deciding={chosen?.rule} /> : null}
        <ActivityPanel lines={lines} choose={(name) => choose({ case: name })} />
        {world ? <LabPanel world={world} act={doIt} /> : null}
      </main>
    </>
  );
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

const root = document.querySelector("#app");
if (root !== null) {
  const draw = (state: State) => render(<App state={state} />, root);
  root.replaceChildren();
  draw({ live: false, keys: [], cases: [], changes: [], lines: [] });
  listen(draw);
}
