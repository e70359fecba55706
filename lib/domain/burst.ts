/** Many cases within minutes are one event to people: one message that grows, not one for each. Times are ms since the epoch. */
export interface Burst {
  readonly lastAt: number;
  /** More cases came than are shown one by one; until it is quiet again, further ones join. */
  readonly active: boolean;
  readonly members: Readonly<Record<string, BurstMember>>;
}

export interface BurstMember {
  readonly at: number;
  /** Where the case stands, in a few words. */
  readonly state: string;
  /** Shown in the summary, and not by a message of its own. */
  readonly grouped: boolean;
}

/** Cases shown one by one within `quiet` ms. */
const maxSingle = 10;
const quiet = 5 * 60_000;

export const noBurst: Burst = { lastAt: 0, active: false, members: {} };

/** The burst once the case `name` is told of for the first time at `now`, and whether it is shown in the summary only. */
export function joinBurst(before: Burst, name: string, state: string, now: number): { burst: Burst; grouped: boolean } {
  const over = now - before.lastAt > quiet || now < before.lastAt;
  const recent = Object.entries(before.members).filter(([, { at }]) => before.active || now - at <= quiet);
  const members = over ? {} : Object.fromEntries(recent);
  const active = (!over && before.active) || Object.keys(members).length >= maxSingle;
  const grouped = members[name]?.grouped ?? active;
  return { burst: { lastAt: now, active, members: { ...members, [name]: { at: now, state, grouped } } }, grouped };
}

/** The burst with what has become of the case `name`; unchanged when it is not shown there. */
export function updateBurst(before: Burst, name: string, state: string): Burst {
  const member = before.members[name];
  if (member === undefined || !member.grouped || member.state === state) return before;
  return { ...before, members: { ...before.members, [name]: { ...member, state } } };
}
