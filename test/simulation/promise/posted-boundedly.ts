import type { Promised } from "./promise.ts";

/** How often one notice may be posted while its answers are lost. */
const maxPosts = 8;

/** Reminders of one question: each is a state of its own, and the message above them reads the same. */
const reminders = 3;

/** No notice is posted without bound. Each deletion may lead to the same text once more, and each reminder where people are asked. */
export const postedBoundedly: Promised = ({ posts, chronicle: { deletions, kinds } }) => {
  const isAsked = (key: number) => ["pin", "derivation"].includes(kinds[key] ?? "");
  const states = deletions.reduce((sum, { key }) => sum + (isAsked(key) ? 1 + reminders : 1), 0);
  const limit = maxPosts * Math.max(1, states);
  const times = [...Map.groupBy(posts, (post) => post)].map(([, same]) => same.length);
  const most = Math.max(0, ...times);
  return most > limit ? [`REPEATED: one notice was posted ${most} times`] : [];
};
