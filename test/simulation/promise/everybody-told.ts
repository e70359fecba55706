import { hour } from "../plan.ts";
import { hasLastingFault, type Promised } from "./promise.ts";

/** From so many deletions within some hours on, people get a summary instead of a message about each. */
const burst = 5;

/** Whoever is to hear of a deletion hears of it, where nothing fails forever; of a burst they hear of some key, and how many there are. */
export const everybodyTold: Promised = ({ plan, chronicle, keys, told }) => {
  if (hasLastingFault(plan)) return [];
  const { deletions } = chronicle;
  const isInBurst = (at: number) => deletions.filter((each) => Math.abs(each.at - at) < 3 * hour).length >= burst;
  const untold = keys.flatMap(({ KeyArn }, key) => {
    const own = chronicle.deletionsOf(key);
    return own.length > 0 && !told.includes(KeyArn) ? [{ key, grouped: own.some(({ at }) => isInBurst(at)) }] : [];
  });
  const isSummarized = /\d+ keys|\d+ deletions|\d+ cases/.test(told);
  return untold
    .filter(({ grouped }) => !grouped || !isSummarized)
    .map(({ key }) => `UNTOLD: nobody heard of key ${key}`);
};
