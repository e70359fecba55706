import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from "js-yaml";

/** Names of fields and numbers of items, from the whole to a part. */
export type YamlPath = readonly (string | number)[];

/** Line and column from 1 of an offset in `text`. */
export function placer(text: string) {
  let starts: number[] | undefined;
  return (offset: number) => {
    starts ??= [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

export type NodeEvent = Exclude<Event, { type: typeof EVENT_ID.POP | typeof EVENT_ID.DOCUMENT }>;

/** Where a node begins: at its quote, if it has one; undefined for one that is left out, and nowhere. */
export function startOf(event: NodeEvent): number | undefined {
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  if (event.type !== EVENT_ID.SCALAR) return event.start;
  return event.valueStart < 0 ? undefined : event.valueStart - (isQuoted(event) ? 1 : 0);
}

export function isQuoted({ style }: ScalarEvent): boolean {
  return style === SCALAR_STYLE.DOUBLE_QUOTED || style === SCALAR_STYLE.SINGLE_QUOTED;
}

/** Finds places in a document. Nothing is worked out before someone asks. */
export class YamlPlaces {
  readonly #events: readonly Event[];
  readonly #text: string;
  #after: number[] | undefined;
  /** The items of each sequence that was looked into: a thousand warnings name a thousand rules. */
  readonly #items = new Map<number, readonly number[]>();

  constructor(events: readonly Event[], text: string) {
    this.#events = events;
    this.#text = text;
  }

  offsetOf(path: YamlPath): number {
    let [node, offset] = [1, this.#startAt(1) ?? 0];
    for (const step of path) {
      const child = this.#child(node, step);
      if (child === undefined) break;
      node = child.node;
      offset = this.#startAt(child.name ?? node) ?? offset;
    }
    return offset;
  }

  /** Where what follows the value begins, less blank lines and comments before it. */
  endOf(path: YamlPath): number {
    let node = 1;
    for (const step of path) node = this.#child(node, step)?.node ?? node;
    const last = this.#events
      .slice(node, this.#next(node))
      .findLast((event) => event.type === EVENT_ID.SCALAR && event.valueEnd >= 0);
    return last?.type === EVENT_ID.SCALAR ? last.valueEnd : (this.#startAt(node) ?? 0);
  }

  #startAt(index: number): number | undefined {
    const event = this.#events[index];
    const isNode = event !== undefined && event.type !== EVENT_ID.POP && event.type !== EVENT_ID.DOCUMENT;
    return isNode ? startOf(event) : undefined;
  }

  /** The member of a collection: of a mapping with the name before it. */
  #child(node: number, step: string | number): { readonly node: number; readonly name?: number } | undefined {
    const event = this.#events[node];
    if (event?.type === EVENT_ID.SEQUENCE) {
      const item = typeof step === "number" ? this.#itemsOf(node)[step] : undefined;
      return item === undefined ? undefined : { node: item };
    }
    if (event?.type !== EVENT_ID.MAPPING) return undefined;
    for (let at = node + 1; this.#events[at]?.type !== EVENT_ID.POP; at = this.#next(at)) {
      const name = at;
      at = this.#next(at);
      const named = this.#events[name];
      if (named?.type === EVENT_ID.SCALAR && getScalarValue(this.#text, named) === String(step))
        return { node: at, name };
    }
    return undefined;
  }

  #itemsOf(sequence: number): readonly number[] {
    const known = this.#items.get(sequence);
    if (known !== undefined) return known;
    const items: number[] = [];
    for (let at = sequence + 1; this.#events[at]?.type !== EVENT_ID.POP; at = this.#next(at)) items.push(at);
    this.#items.set(sequence, items);
    return items;
  }

  /** The event after the node that begins with `index`. */
  #next(index: number): number {
    this.#after ??= this.#measure();
    return this.#after[index] ?? this.#events.length;
  }

  #measure(): number[] {
    const after: number[] = [];
    const open: number[] = [];
    let index = -1;
    // Counted by hand: entries() makes an array for each of tens of thousands of events.
    for (const { type } of this.#events) {
      index += 1;
      if (type === EVENT_ID.POP) after[open.pop() ?? 0] = index + 1;
      else if (type === EVENT_ID.SCALAR || type === EVENT_ID.ALIAS) after[index] = index + 1;
      else open.push(index);
    }
    return after;
  }
}
