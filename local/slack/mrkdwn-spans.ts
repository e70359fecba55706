type Mark = "bold" | "italic" | "strike" | "code" | "block";

/** A piece of text as the page shows it. `text` is what is read: nothing in it is left to interpret. */
export interface Span {
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly href?: string;
  /** A person, a channel, or everybody. */
  readonly mention?: true;
  /** To be shown in the reader's own time zone; `text` is for who cannot. */
  readonly date?: { readonly seconds: number; readonly format: string };
}

/** Names by id, of members and channels. */
export type Names = ReadonlyMap<string, string>;

/** Code block, code, anything in angle brackets, or text between two marks that stand at the edges of words. */
const token = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\4(?![\p{L}\p{N}])/gu;
const markOf: ReadonlyMap<string, Mark> = new Map([
  ["*", "bold"],
  ["_", "italic"],
  ["~", "strike"],
]);

/** Slack's mark-up as spans. INVARIANT: entities are unescaped last and once, so what an app escaped never becomes mark-up. */
export function spansOf(mrkdwn: string, names: Names, marks: readonly Mark[] = []): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of mrkdwn.matchAll(token)) {
    spans.push(...plain(mrkdwn.slice(end, match.index), marks));
    spans.push(...marked(match, names, marks));
    end = match.index + match[0].length;
  }
  return [...spans, ...plain(mrkdwn.slice(end), marks)];
}

function marked(
  [, block, code, bracket, sign = "", inner = ""]: RegExpExecArray,
  names: Names,
  marks: readonly Mark[],
) {
  if (block !== undefined) return plain(block, [...marks, "block"]);
  if (code !== undefined) return plain(code, [...marks, "code"]);
  if (bracket !== undefined) return [{ ...bracketed(bracket, names), marks }];
  const mark = markOf.get(sign);
  return spansOf(inner, names, mark === undefined ? marks : [...marks, mark]);
}

/** What `<...>` holds: a mention, a time or a link. Only links to the web and to mail lead anywhere. */
function bracketed(content: string, names: Names): Omit<Span, "marks"> {
  const [target = "", label] = content.split("|", 2);
  const shown = unescaped(label ?? target);
  const id = /^[@#]([A-Z0-9]+)$/.exec(target);
  if (id) return { text: names.get(id[1] ?? "") ?? shown, mention: true };
  const time = /^!date\^(\d{1,11})\^([^^]*)/.exec(target);
  if (time) return { text: shown, date: { seconds: Number(time[1]), format: time[2] ?? "" } };
  if (/^!(here|channel|everyone)$/.test(target)) return { text: `@${target.slice(1)}`, mention: true };
  return /^(https?:\/\/|mailto:)/i.test(target) ? { text: shown, href: unescaped(target) } : { text: shown };
}

function plain(text: string, marks: readonly Mark[]): Span[] {
  return text === "" ? [] : [{ text: unescaped(text), marks }];
}

const entities: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);
}
