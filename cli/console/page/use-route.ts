import { useEffect, useState } from "preact/hooks";
import { hashOf, type Route, routeIn } from "./route.ts";
import type { RowFilter } from "./row-filter.ts";

/** Returns the route of the address, and what changes it. Choosing makes a step that "back" undoes; typing in a filter does not. */
export function useRoute(): { readonly route: Route; readonly filterBy: (change: Partial<RowFilter>) => void } {
  const [route, set] = useState(() => routeIn(location.hash));
  useEffect(() => {
    const read = () => set(routeIn(location.hash));
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  const filterBy = (change: Partial<RowFilter>) => {
    const next = { ...route, filter: { ...route.filter, ...change } };
    history.replaceState(null, "", hashOf(next));
    set(next);
  };
  return { route, filterBy };
}
