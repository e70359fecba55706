import type { Act } from "../plan.ts";
import type { Promised } from "./promise.ts";

/** How often one notice may be posted while its answers are lost. */
const maxPosts = 8;

/** Reminders of one question: each is a state of its own, and the message above them reads the same. */
const reminders = 3;

/** Acts that change a key otherwise than by deletion, of which the advice reads the same each time. */
const changing: readonly Act["do"][] = ["change", "lock-out", "relabel", "stop-usage"];

/** No notice is posted without bound. Each deletion and each other change may lead to the same text once more, and each reminder where people are asked. */
export const postedBoundedly: Promised = ({ posts, plan, chronicle: { deletions, kinds } }) => {
  const isAsked = (key: number) => ["pin", "derivation"].includes(kinds[key] ?? "");
  const states = deletions.reduce((sum, { key }) => sum + (isAsked(key) ? 1 + reminders : 1), 0);
  const changes = plan.acts.filter((act) => changing.includes(act.do)).length;
  const limit = maxPosts * Math.max(1, states + changes);
  const times = [...Map.groupBy(posts, (post) => post)].map(([, same]) => same.length);
  const most = Math.max(0, ...times);
  return most > limit ? [`REPEATED: one notice was posted ${most} times`] : [];
};
