import {
  CORE_SCHEMA,
  constructFromEvents,
  EVENT_ID,
  type Event,
  getScalarValue,
  load,
  parseEvents,
  YAMLException,
} from "js-yaml";
import { isQuoted, type NodeEvent, placer, startOf, type YamlPath, YamlPlaces } from "./yaml-places.ts";

/** A fault with its place: line and column from 1. */
export interface YamlFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

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
  if (foreign >= 0) return { ok: false, faults: [{ ...placed(foreign), message: "file is not valid UTF-8" }] };
  try {
    const events = parseEvents(text, {});
    const unwanted = unwantedIn(events, text).map(({ offset, message }) => ({ ...placed(offset), message }));
    if (unwanted.length > 0) return { ok: false, faults: unwanted };
    const [value = null] = constructFromEvents(events, { source: text, schema: CORE_SCHEMA, maxAliases: 0 });
    const tree = new YamlPlaces(events, text);
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
    if (event.anchorStart >= 0) add(offset, "expected no anchor and no alias");
    if (event.type === EVENT_ID.ALIAS) continue;
    if (event.tagStart >= 0) add(offset, `expected no tag, found \`${text.slice(event.tagStart, event.tagEnd)}\``);
    if (event.type !== EVENT_ID.SCALAR) open.push({ mapping: event.type === EVENT_ID.MAPPING, name: true });
  }
  return found;
}

/** What could be anything but text, such as a number or nothing, begins so. */
const suspicious = /^([-+.~\d]|null|true|false|$)/i;

function isName(event: NodeEvent, text: string): boolean {
  if (event.type !== EVENT_ID.SCALAR) return false;
  const name = getScalarValue(text, event);
  return isQuoted(event) || !suspicious.test(name) || (name !== "" && typeof load(name) === "string");
}
