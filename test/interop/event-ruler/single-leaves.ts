import { type Question, rulerVerdicts } from "./oracle.ts";

/**
 * Returns what AWS's library makes of a question when each list of the pattern has one element only: an event matches if it matches one of those
 * patterns. By the documentation that is the same; the library mixes up some wildcards with other elements of a list.
 */
export async function verdictByElement({ pattern, events }: Question): Promise<string> {
  const verdicts = await rulerVerdicts(split(pattern).map((one) => ({ pattern: one, events })));
  return events.map((_, n) => (verdicts.some((verdict) => verdict[n] === "1") ? "1" : "0")).join("");
}

/** Returns the patterns that together match what `pattern` matches, each with one element in every list. */
function split(pattern: unknown): readonly Record<string, unknown>[] {
  const members = Object.entries(pattern as Record<string, unknown>);
  return members.reduce<readonly Record<string, unknown>[]>(
    (made, [name, inner]) => {
      const options = optionsOf(name, inner);
      return made.flatMap((one) => options.map((option) => ({ ...one, ...option })));
    },
    [{}],
  );
}

function optionsOf(name: string, inner: unknown): readonly Record<string, unknown>[] {
  if (name !== "$or")
    return (Array.isArray(inner) ? inner.map((one) => [one]) : split(inner)).map((one) => ({ [name]: one }));
  const ways = (inner as readonly unknown[]).map(split);
  // Two alternatives at least are asked for: each is given twice.
  return ways.flat().map((one) => ({ $or: [one, one] }));
}
