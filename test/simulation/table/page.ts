import { idOf } from "./items.ts";
import { invalid } from "./tokens.ts";
import { type Item, itemBytes } from "./value.ts";

/** A page ends once it has read so much. */
const maxPageBytes = 1024 * 1024;

export interface Paging {
  readonly after?: Item | undefined;
  readonly limit?: number | undefined;
}

export interface Page {
  /** What was read, before any filter. */
  readonly items: readonly Item[];
  readonly last?: Item;
}

/** Cuts one page from `found`, as DynamoDB does: at `limit` items or 1 MB, whichever comes first. */
export function pageFrom(found: readonly Item[], { after, limit }: Paging): Page {
  const start = after === undefined ? 0 : 1 + found.findIndex((item) => idOf(item) === idOf(after));
  if (after !== undefined && start === 0) throw invalid("the start key is not in what is read");
  const items: Item[] = [];
  let bytes = 0;
  for (const item of found.slice(start)) {
    items.push(item);
    bytes += itemBytes(item);
    const more = start + items.length < found.length;
    if (more && (bytes >= maxPageBytes || items.length === limit)) return { items, last: keysOf(item) };
  }
  return { items };
}

const keyNames = ["pk", "sk", "status", "dueAt"];

/** The key of an item; of an entry of the index also its own. */
function keysOf(item: Item): Item {
  const isEntry = Object.keys(item).every((name) => keyNames.includes(name));
  const names = isEntry ? keyNames : keyNames.slice(0, 2);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}
