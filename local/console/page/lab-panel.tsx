import { useState } from "preact/hooks";
import { CopyButton } from "../../../cli/console/page/copy-button.tsx";
import { slackFaults } from "../../slack/slack-fault.ts";
import { type FaultScope, faultScopes, faults } from "../../world/hub/faults.ts";
import type { Acting, WorldPart } from "../parts.ts";

interface LabProps {
  readonly world: WorldPart;
  readonly acting: Acting;
  readonly act: (name: string, given?: object) => void;
}

/** Stories to play, things to break, and the endpoint for anyone who brings tools of their own. */
export function LabPanel({ world, acting, act }: LabProps) {
  const { endpoint, region, scenarios, playing, slackFault, deletionDisablesKey, people } = world;
  const [scope, setScope] = useState<FaultScope>("everyone");
  const key = people.find(({ name }) => name === acting.person)?.accessKeyId ?? "";
  const line = `AWS_ACCESS_KEY_ID=${key} AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=${region} aws --endpoint-url ${endpoint} payment-cryptography delete-key --key-identifier alias/prod/cvk-1`;
  return (
    <section class="panel lab" aria-labelledby="lab-title">
      <h2 id="lab-title">Lab</h2>
      <h3>With your own tools</h3>
      <p class="note">
        Any AWS SDK or CLI reaches this world at <code>{endpoint}</code>; the access key says who you are.
      </p>
      <p class="snippet">
        <code>{line}</code>
        <CopyButton text={line} content="the AWS CLI line" />
      </p>
      <h3>Stories</h3>
      <p class="note">Each is played in this world; what should come of it is checked at its end.</p>
      <ul class="stories">
        {scenarios.map(({ name, story }) => (
          <li key={name}>
            <button
              type="button"
              disabled={playing !== undefined}
              onClick={() => act("play", { scenario: name })}
              title={story}
            >
              {name}
              {playing === name ? " …" : ""}
            </button>
          </li>
        ))}
      </ul>
      <h3>Break something</h3>
      <div class="faults">
        <label>
          Who meets it
          <select value={scope} onChange={({ currentTarget }) => setScope(currentTarget.value as FaultScope)}>
            {faultScopes.map((each) => (
              <option key={each} value={each}>
                {each === "guard" ? "the guard only" : "everyone"}
              </option>
            ))}
          </select>
        </label>
        {world.faults.map(({ service, fault }) => (
          <label key={service}>
            {service}
            <select
              value={fault}
              onChange={({ currentTarget }) => act("fault", { service, fault: currentTarget.value, scope })}
            >
              {faults.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
        ))}
        <label>
          Slack
          <select
            value={slackFault}
            onChange={({ currentTarget }) => act("slack-fault", { fault: currentTarget.value })}
          >
            {slackFaults.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={deletionDisablesKey}
            onChange={({ currentTarget }) => act("disabling", { on: currentTarget.checked })}
          />
          a deletion stops the key's usage too
        </label>
        <button type="button" onClick={() => act("mend")}>
          Mend everything
        </button>
        <button type="button" onClick={() => act("sweep")}>
          Sweep now
        </button>
        <button type="button" onClick={() => act("reset")}>
          Start the world again
        </button>
      </div>
    </section>
  );
}
