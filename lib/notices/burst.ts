import { minuteMs } from "../domain/time.ts";
/** Many cases within minutes are one event to people: one message that grows, not one for each. Times are ms since the epoch. */
export interface Burst {
  /** Which burst it is: each has a summary of its own. */
  readonly number: number;
  readonly lastAt: number;
  /** More cases came than are shown one by one; until it is quiet again, further ones join. */
  readonly active: boolean;
  readonly members: Readonly<Record<string, BurstMember>>;
}

export interface BurstMember {
  readonly at: number;
  /** How the case stands, in a few words. */
  readonly state: string;
  /** What people call its key. */
  readonly title: string;
  /** Shown in the summary, and not by a message of its own. */
  readonly grouped: boolean;
}

/** How a case is listed in a summary. */
export type CaseStanding = Pick<BurstMember, "state" | "title">;

/** Cases shown one by one within `quiet` ms. */
const maxSingle = 10;
const quietMs = 5 * minuteMs;
/** An item holds 400 KB; a member takes up to 0.6 KB. What comes beyond is the next summary. */
const maxMembers = 500;

export const noBurst: Burst = { number: 0, lastAt: 0, active: false, members: {} };

/** Returns the burst with the case `name`, which stands as `standing` says: shown by itself, or grouped in the summary. */
export function placeInBurst(before: Burst, name: string, standing: CaseStanding, now: number): Burst {
  const member = before.members[name];
  if (!member?.grouped) return join(before, name, standing, now);
  const isSame = member.state === standing.state && member.title === standing.title;
  return isSame ? before : withMember(before, name, { ...member, ...standing });
}

function join(before: Burst, name: string, { state, title }: CaseStanding, now: number): Burst {
  // Either way: two functions' clocks differ a little, and one that was set back must not keep a burst alive.
  const over = Math.abs(now - before.lastAt) > quietMs;
  const full = Object.keys(before.members).length >= maxMembers;
  const kept = Object.entries(before.members).filter(([, { at }]) => before.active || now - at <= quietMs);
  const members = over || full ? {} : Object.fromEntries(kept);
  const active = (!over && before.active) || Object.keys(members).length >= maxSingle;
  const grouped = members[name]?.grouped ?? active;
  const isNext = over || full || active !== before.active;
  const burst = {
    number: isNext ? before.number + 1 : before.number,
    lastAt: Math.max(now, over ? now : before.lastAt),
    active,
    members,
  };
  return withMember(burst, name, { at: now, state, title, grouped });
}

/** The burst without the case `name`, which has a message of its own now. */
export function leaveBurst(before: Burst, name: string): Burst {
  const member = before.members[name];
  return member?.grouped ? withMember(before, name, { ...member, grouped: false }) : before;
}

function withMember(burst: Burst, name: string, member: BurstMember): Burst {
  return { ...burst, members: { ...burst.members, [name]: member } };
}
