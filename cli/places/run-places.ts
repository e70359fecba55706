/** Results that wait for an earlier place, for each place at work: what bounds the memory. */
const resultsPerPlace = 4;

/**
 * Calls `work` for every place, at most `parallel` at a time, and `deliver` with each result in the order of the places, as soon as all
 * earlier ones are delivered. A slow place holds up the ones after it once so many results wait for it that they are the bound.
 * `work` must not throw.
 */
export async function runPlaces<Place, Result>(
  places: readonly Place[],
  parallel: number,
  work: (place: Place) => Promise<Result>,
  deliver: (place: Place, result: Result) => void,
): Promise<void> {
  const results = new Map<number, Result>();
  let begun = 0;
  let delivered = 0;
  let moved = Promise.withResolvers<void>();
  const deliverAll = () => {
    for (let place = places[delivered]; place !== undefined && results.has(delivered); place = places[delivered]) {
      const result = results.get(delivered) as Result;
      results.delete(delivered);
      delivered += 1;
      deliver(place, result);
    }
    moved.resolve();
    moved = Promise.withResolvers();
  };
  const worker = async () => {
    for (;;) {
      while (begun - delivered >= parallel * resultsPerPlace) await moved.promise;
      const n = begun;
      const place = places[n];
      if (place === undefined) return;
      begun += 1;
      results.set(n, await work(place));
      deliverAll();
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, places.length) }, worker));
}
