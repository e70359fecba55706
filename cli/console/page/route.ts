import { noFilter, type RowFilter, type Sort, sorts } from "./row-filter.ts";

/** What the address shows: the list, or one chain; and which rows the list has. */
export interface Route {
  readonly chosen?: { readonly place: string; readonly name: string };
  readonly filter: RowFilter;
}

/** Returns the route in a fragment such as `#/case/eu-prod/<name>?state=open`; the plain list for any other text. */
export function routeIn(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const filter = filterIn(new URLSearchParams(query));
  const [, place, name] = /^\/case\/([^/]*)\/([^/]+)$/.exec(path) ?? [];
  const [decodedPlace, decodedName] = [decoded(place), decoded(name)];
  if (decodedPlace === undefined || decodedName === undefined) return { filter };
  return { chosen: { place: decodedPlace, name: decodedName }, filter };
}

/** Returns the fragment of a route. */
export function hashOf({ chosen, filter }: Route): string {
  const path = chosen ? `/case/${encodeURIComponent(chosen.place)}/${encodeURIComponent(chosen.name)}` : "/";
  const set = Object.entries(filter).filter(([field, value]) => value !== noFilter[field as keyof RowFilter]);
  const query = new URLSearchParams(set.map(([field, value]): [string, string] => [field, String(value)])).toString();
  return `#${path}${query === "" ? "" : `?${query}`}`;
}

function filterIn(query: URLSearchParams): RowFilter {
  const texts = Object.keys(noFilter).map((field) => [field, (query.get(field) ?? "").slice(0, 200)]);
  const sort = query.get("sort") ?? "";
  return { ...(Object.fromEntries(texts) as unknown as RowFilter), sort: isSort(sort) ? sort : "newest" };
}

function isSort(text: string): text is Sort {
  return Object.hasOwn(sorts, text);
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
