import type { KnownCalls } from "../../domain/case/known-calls.ts";
import { type Item, listValue, numberValue } from "./item.ts";

/** Returns the calls that earlier cases know, as the item of a case holds them: a list of `<ms> <eventID>`, and the time up to which all are known. */
export function earlierIn({ earlier, earlierUpTo }: Item): KnownCalls | undefined {
  if (earlier?.L === undefined) return undefined;
  const latest = earlier.L.map(({ S = "" }) => {
    const [at, eventId = ""] = S.split(" ");
    return { eventId, at: Number(at) };
  });
  return { latest, ...(earlierUpTo?.N !== undefined && { upTo: Number(earlierUpTo.N) }) };
}

/** Returns the attributes for `known`. */
export function earlierValues({ latest, upTo }: KnownCalls): Item {
  return {
    earlier: listValue(latest.map(({ at, eventId }) => `${at} ${eventId}`)),
    ...(upTo !== undefined && { earlierUpTo: numberValue(upTo) }),
  };
}
