import {
  CORE_SCHEMA,
  constructFromEvents,
  EVENT_ID,
  type Event,
  getScalarValue,
  load,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  YAMLException,
} from "js-yaml";

/** A fault with its place: line and column from 1. */
export interface YamlFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type YamlPath = readonly (string | number)[];

/** One document of plain YAML 1.2: values, and where each stands. */
export interface PlainYaml {
  readonly ok: true;
  readonly value: unknown;
  /** Where the value at `path` stands, or the nearest thing around it; that of a field is its name. */
  readonly placeOf: (path: YamlPath) => { readonly line: number; readonly column: number };
  /** The line on which the value at `path` ends, from 1. */
  readonly endOf: (path: YamlPath) => number;
}

/**
 * The text of a YAML file whose values are what they look like: no anchors and aliases, which blow a small file up to gigabytes, no tags, no
 * names that are numbers. Never throws.
 */
export function readPlainYaml(text: string): PlainYaml | { readonly ok: false; readonly faults: readonly YamlFault[] } {
  const placed = placer(text);
  // What was read of bytes that are no UTF-8: a name would silently be another one.
  const foreign = text.indexOf("\uFFFD");
  if (foreign >= 0) return { ok: false, faults: [{ ...placed(foreign), message: "expected UTF-8, and this is none" }] };
  try {
    const events = parseEvents(text, {});
    const unwanted = unwantedIn(events, text).map(({ offset, message }) => ({ ...placed(offset), message }));
    if (unwanted.length > 0) return { ok: false, faults: unwanted };
    const [value = null] = constructFromEvents(events, { source: text, schema: CORE_SCHEMA, maxAliases: 0 });
    const tree = new Tree(events, text);
    return {
      ok: true,
      value,
      placeOf: (path) => placed(tree.offsetOf(path)),
      endOf: (path) => placed(Math.max(0, tree.endOf(path) - 1)).line,
    };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { ok: false, faults: [{ ...placed(error.mark?.position ?? 0), message: error.reason }] };
  }
}

function placer(text: string) {
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

function unwantedIn(events: readonly Event[], text: string): { offset: number; message: string }[] {
  const found: { offset: number; message: string }[] = [];
  const add = (offset: number, message: string) => void found.push({ offset, message });
  /** Of every open collection: whether it is a mapping, and whether its next member is a name. */
  const open: { mapping: boolean; name: boolean }[] = [];
  let documents = 0;
  let offset = 0;
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      open.pop();
      continue;
    }
    if (event.type === EVENT_ID.DOCUMENT) {
      documents += 1;
      // YAML 1.1 would bring back merge keys, and `yes` and `no` for true and false.
      if (event.directives.some(({ kind }) => kind === "yaml")) add(0, "expected no %YAML directive: this is YAML 1.2");
      open.push({ mapping: false, name: false });
      continue;
    }
    const around = open.at(-1);
    offset = startOf(event) ?? offset;
    if (documents > 1 && open.length === 1) add(offset, "expected one document, and here begins another");
    if (around?.mapping && around.name && !isName(event, text))
      add(offset, "expected a name before the colon, in quotes where it is a number");
    if (around?.mapping) around.name = !around.name;
    if (event.anchorStart >= 0) add(offset, "anchors and aliases are not part of a policy");
    if (event.type === EVENT_ID.ALIAS) continue;
    if (event.tagStart >= 0) add(offset, `expected no tag, found \`${text.slice(event.tagStart, event.tagEnd)}\``);
    if (event.type !== EVENT_ID.SCALAR) open.push({ mapping: event.type === EVENT_ID.MAPPING, name: true });
  }
  return found;
}

type NodeEvent = Exclude<Event, { type: typeof EVENT_ID.POP | typeof EVENT_ID.DOCUMENT }>;

/** Where a node begins: at its quote, if it has one; undefined for one that is left out, and nowhere. */
function startOf(event: NodeEvent): number | undefined {
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  if (event.type !== EVENT_ID.SCALAR) return event.start;
  return event.valueStart < 0 ? undefined : event.valueStart - (isQuoted(event) ? 1 : 0);
}

function isQuoted({ style }: ScalarEvent): boolean {
  return style === SCALAR_STYLE.DOUBLE_QUOTED || style === SCALAR_STYLE.SINGLE_QUOTED;
}

/** What could be anything but text, such as a number or nothing, begins so. */
const suspicious = /^([-+.~\d]|null|true|false|$)/i;

function isName(event: NodeEvent, text: string): boolean {
  if (event.type !== EVENT_ID.SCALAR) return false;
  const name = getScalarValue(text, event);
  return isQuoted(event) || !suspicious.test(name) || (name !== "" && typeof load(name) === "string");
}

/** Finds places in a document. Nothing is worked out before somebody asks. */
class Tree {
  readonly #events: readonly Event[];
  readonly #text: string;
  #after: number[] | undefined;

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
    const mapping = event?.type === EVENT_ID.MAPPING;
    if (!mapping && event?.type !== EVENT_ID.SEQUENCE) return undefined;
    let place = 0;
    for (let at = node + 1; this.#events[at]?.type !== EVENT_ID.POP; at = this.#next(at)) {
      if (!mapping && place === step) return { node: at };
      place += 1;
      if (!mapping) continue;
      const name = at;
      at = this.#next(at);
      const named = this.#events[name];
      if (named?.type === EVENT_ID.SCALAR && getScalarValue(this.#text, named) === String(step))
        return { node: at, name };
    }
    return undefined;
  }

  /** The event after the node that begins with `index`. */
  #next(index: number): number {
    this.#after ??= this.#measure();
    return this.#after[index] ?? this.#events.length;
  }

  #measure(): number[] {
    const after: number[] = [];
    const open: number[] = [];
    for (const [index, { type }] of this.#events.entries()) {
      if (type === EVENT_ID.POP) after[open.pop() ?? 0] = index + 1;
      else if (type === EVENT_ID.SCALAR || type === EVENT_ID.ALIAS) after[index] = index + 1;
      else open.push(index);
    }
    return after;
  }
}
