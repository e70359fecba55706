/** A token bucket: `perSecond` calls a second, and as many at once. `now` answers in ms. */
export function createThrottle(perSecond: number, now: () => number): () => boolean {
  let tokens = perSecond;
  let at = now();
  return () => {
    const time = now();
    tokens = Math.min(perSecond, tokens + (Math.max(0, time - at) / 1000) * perSecond);
    at = time;
    // A hair below one token is rounding, not impatience.
    if (tokens < 1 - 1e-6) return false;
    tokens -= 1;
    return true;
  };
}
