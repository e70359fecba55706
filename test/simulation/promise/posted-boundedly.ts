import type { Promised } from "./promise.ts";

/** How often one notice may be posted while its answers are lost. */
const maxPosts = 8;

/** No notice is posted without bound. Each deletion may lead to the same text once more. */
export const postedBoundedly: Promised = ({ posts, chronicle }) => {
  const limit = maxPosts * Math.max(1, chronicle.deletions.length);
  const times = [...Map.groupBy(posts, (post) => post)].map(([, same]) => same.length);
  const most = Math.max(0, ...times);
  return most > limit ? [`REPEATED: one notice was posted ${most} times`] : [];
};
