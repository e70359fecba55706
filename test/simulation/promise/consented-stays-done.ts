import { policyAllows } from "./consent.ts";
import { isFaultless, type Promised } from "./promise.ts";

/** A deletion that the one policy in force allows is not undone, where no record is missing, forged or doubtful. */
export const consentedStaysDone: Promised = (evidence) => {
  const { chronicle } = evidence;
  const doubtful = !isFaultless(evidence) || chronicle.policies.length > 1 || chronicle.policies[0]?.mode !== "enforce";
  if (doubtful) return [];
  return chronicle.effects.flatMap(({ key, at, operation }) => {
    const deletions = chronicle.deletionsOf(key);
    const deletion = deletions.findLast((each) => each.at < at);
    const isPlain = deletions.every(({ event }) => ["at-once", "on-time", "doubled"].includes(event));
    const kept = chronicle.statements.some((each) => each.key === key && each.says === "keep");
    if (operation !== "RestoreKey" || deletion === undefined || !isPlain || kept) return [];
    const once = deletions.filter((each) => Math.abs(each.at - deletion.at) < 3_600_000).length === 1;
    return once && policyAllows(evidence, deletion, at)
      ? [`UNDONE: the allowed deletion of key ${key} was undone`]
      : [];
  });
};
