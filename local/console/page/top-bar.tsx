import { leftText } from "../../../cli/console/page/words.ts";
import { dateAndTime } from "../../../lib/notices/words.ts";
import type { ClockPart, PolicyPart, WorldPart } from "../parts.ts";

interface TopBarProps {
  readonly live: boolean;
  /** Whether something that was asked for is still being done. */
  readonly busy: boolean;
  readonly now: number;
  readonly world: WorldPart | undefined;
  readonly clock: ClockPart | undefined;
  readonly policy: PolicyPart | undefined;
  readonly act: (name: string, given?: object) => void;
}

/** Where this is, what the guard does, and what time it is there. */
export function TopBar({ live, busy, now, world, clock, policy, act }: TopBarProps) {
  const deadline = clock?.deadline;
  const broken = (world?.faults ?? []).flatMap(({ service, fault }) => (fault === "up" ? [] : [service]));
  return (
    <header class="top">
      <h1>reprieve</h1>
      <p class="where">{world ? `account ${world.account}, ${world.region}, all of it on this machine` : "starting"}</p>
      {policy?.mode ? <p class={`badge ${policy.mode}`}>policy: {policy.mode}</p> : null}
      {broken.length === 0 ? null : <p class="badge observe">broken on purpose: {broken.join(", ")}</p>}
      <fieldset class="clock" aria-label="Clock of this world">
        <time dateTime={new Date(now).toISOString()}>{dateAndTime(now)} UTC</time>
        <button type="button" onClick={() => act("jump", { to: "hour" })}>
          + 1 hour
        </button>
        <button type="button" onClick={() => act("jump", { to: "day" })}>
          + 1 day
        </button>
        <button type="button" disabled={deadline === undefined} onClick={() => act("jump", { to: "deadline" })}>
          {deadline ? `to the deadline in ${leftText(deadline.at - now)}` : "no deadline"}
        </button>
      </fieldset>
      <p class={`connection ${live ? "live" : "lost"}`} role="status">
        {live ? (busy ? "Live, working …" : "Live") : "Disconnected, trying again"}
      </p>
    </header>
  );
}
