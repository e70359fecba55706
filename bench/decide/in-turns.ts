import { compared, type Result } from "../result.ts";

/** Rounds of ours and of the other side, alternating. */
export function inTurns(
  subject: Parameters<typeof compared>[0],
  [ours, other]: readonly [() => number, () => number],
  quick: boolean,
  progress: (text: string) => void,
): Result {
  progress(`decide: ${subject.name}`);
  const [own, theirs]: [number[], number[]] = [[], []];
  // The first round warms both up.
  for (let round = 0; round <= (quick ? 3 : 15); round++) {
    const [a, b] = [ours(), other()];
    if (round === 0) continue;
    own.push(a);
    theirs.push(b);
  }
  return compared(subject, own, theirs);
}

/** How often a second `work` can be done on `items` in turn, tried for at least so long (ms). */
export function rateOf<Item>(items: readonly Item[], ms: number, work: (item: Item) => unknown): number {
  const began = performance.now();
  let done = 0;
  let elapsed = 0;
  do {
    for (const item of items) work(item);
    done += items.length;
    elapsed = performance.now() - began;
  } while (elapsed < ms);
  return (1000 * done) / elapsed;
}

/** `value` as a bundle or an event brings it: no string is shared, none is still in pieces. */
export function fresh<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
