import type { Deletion } from "../chronicle.ts";
import type { Port } from "../fate.ts";
import { minute, type Plan } from "../plan.ts";
import { type Evidence, isFaultless, type Promised } from "./promise.ts";

/** Services that every way to people needs: nobody is notified while one of them fails forever. */
const needed: readonly Port[] = ["store", "bus", "queue"];

/**
 * Everyone learns of every key that is deleted: in the channel or by mail, unless both fail forever. Of many keys at once they learn of some, and how
 * many more there are.
 */
export const everybodyTold: Promised = (evidence) => {
  const { plan, chronicle, keys, posts, told } = evidence;
  if (mayBeSilent(plan)) return [];
  const untold = keys.flatMap(({ KeyArn }, key) => {
    const seen = chronicle.deletionsOf(key).filter((deletion) => leavesTrace(evidence, deletion));
    return seen.length > 0 && !told.includes(KeyArn) && !seen.every((each) => isAlarmed(evidence, each)) ? [key] : [];
  });
  const summarized = countedIn(posts.join()) || Math.max(0, ...countsIn(told));
  return untold.slice(summarized).map((key) => `UNTOLD: nobody learned of key ${key}`);
};

/** A restore that could not be recorded, of a key whose event was lost, has an alarm; the log names the key. */
function isAlarmed({ counted }: Evidence, { at, event }: Deletion): boolean {
  return event === "lost" && counted.some((each) => each.name === "KeysRestoredUnrecorded" && each.at >= at);
}

/**
 * Whether anything shows the deletion to us: without its event only a control plane that answers does, and not if people restore the key
 * before a sweep has come; before two, where anything may fail.
 */
function leavesTrace(evidence: Evidence, { key, at, event }: Deletion): boolean {
  const { chronicle, plan } = evidence;
  if (event !== "lost") return true;
  if (plan.faults.some(({ forMs, port }) => forMs === null && port === "control-plane")) return false;
  const isSwift =
    isFaultless(evidence) && plan.acts.every((act) => !["crash", "limit", "delete-many"].includes(act.do));
  const limit = at + (isSwift ? plan.sweepEveryMs + minute : 2 * plan.sweepEveryMs);
  const isUndone = chronicle.manual.some(
    (each) => each.key === key && each.did === "restore" && each.at > at && each.at < limit,
  );
  return !isUndone;
}

/** Whether every way to people may be cut off for good. */
export function mayBeSilent({ faults }: Plan): boolean {
  const lasting = faults.filter(({ forMs }) => forMs === null).map(({ port }) => port);
  const noSlack = lasting.includes("slack") || lasting.includes("secrets");
  return lasting.some((port) => needed.includes(port)) || (noSlack && lasting.includes("topic"));
}

/** How many keys a summary counts: each message stands for keys of its own, while each mail repeats those of the mail before. */
function countedIn(posts: string): number {
  return countsIn(posts).reduce((sum, count) => sum + count, 0);
}

function countsIn(text: string): number[] {
  return [...text.matchAll(/(\d+) more payment keys? scheduled/g)].map(([, count]) => Number(count));
}
