import type { SlackMessage } from "../../lib/slack/case-message.ts";
import { spansOf } from "../../local/slack/mrkdwn-spans.ts";

interface Text {
  readonly type: string;
  readonly text: string;
}

interface AnyBlock {
  readonly type: string;
  readonly text?: Text;
  readonly elements?: readonly (Text | { readonly text: Text })[];
}

const names = new Map([
  ["U0ALICE", "@alice"],
  ["U0BOB", "@bob"],
  ["U0CAROL", "@carol"],
]);

/** Returns a page that shows messages as a phone shows them in Slack: 375 px wide, the app's picture beside the text. */
export function messagePage(messages: readonly (readonly [title: string, message: SlackMessage])[]): string {
  const shown = messages.map(
    ([title, { blocks }]) =>
      `<article aria-label="${escaped(title)}"><i></i><div>${(blocks as readonly AnyBlock[]).map(blockHtml).join("")}</div></article>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>Messages</title><style>${style}</style>${shown.join("")}`;
}

function blockHtml({ type, text, elements = [] }: AnyBlock): string {
  if (type === "header") return `<h3>${withDots(escaped(text?.text ?? ""))}</h3>`;
  if (type === "actions")
    return `<p class="buttons">${elements.map((each) => `<b>${escaped(labelOf(each))}</b>`).join(" ")}</p>`;
  if (type === "context") return elements.map((each) => `<p class="context">${spansHtml(each as Text)}</p>`).join("");
  return `<p>${spansHtml(text ?? { type: "plain_text", text: "" })}</p>`;
}

/** A machine without emoji shows them all the same. */
function withDots(text: string): string {
  const colors = { "🔴": "#d92e2e", "🟠": "#e8912d", "🟢": "#2e9e5b", "⚪": "#c8c8c8" };
  return Object.entries(colors).reduce(
    (shown, [mark, color]) => shown.replace(mark, `<u style="background:${color}"></u>`),
    text,
  );
}

function labelOf(element: Text | { readonly text: Text }): string {
  return typeof element.text === "string" ? element.text : element.text.text;
}

function spansHtml({ type, text }: Text): string {
  if (type !== "mrkdwn") return escaped(text);
  return spansOf(text, names)
    .map(({ text: shown, marks }) => {
      const tags = marks.map((mark) => (mark === "bold" ? "strong" : "code"));
      return `${tags.map((tag) => `<${tag}>`).join("")}${escaped(shown)}${tags
        .reverse()
        .map((tag) => `</${tag}>`)
        .join("")}`;
    })
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Counts the lines of text and rows of buttons in `article`, as they are laid out. Runs in the page. */
export function linesIn(article: Element): number {
  let lines = 0;
  for (const block of article.querySelectorAll("h3, p")) {
    const height = Number.parseFloat(getComputedStyle(block).lineHeight);
    lines += Math.max(1, Math.round(block.getBoundingClientRect().height / height));
  }
  return lines;
}

const style = `
* { box-sizing: border-box; margin: 0; }
body { width: 375px; padding: 8px 12px; font: 15px/22px "Lato", "Liberation Sans", "DejaVu Sans", sans-serif; color: #1d1c1d; background: #fff; }
article { display: grid; grid-template-columns: 36px 1fr; gap: 8px; padding: 10px 0; border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
article i { width: 36px; height: 36px; border-radius: 4px; background: #4a154b; }
u { display: inline-block; width: 14px; height: 14px; margin-right: 3px; border-radius: 7px; vertical-align: -1px; }
h3 { font-size: 17px; line-height: 24px; }
p { line-height: 22px; }
.buttons { line-height: 34px; }
.buttons b { padding: 4px 10px; border: 1px solid #bbb; border-radius: 4px; font-size: 14px; }
.context { font-size: 12px; line-height: 17px; color: #616061; }
code { padding: 0 2px; border: 1px solid #e3e3e3; border-radius: 3px; font: 12px/1 "DejaVu Sans Mono", monospace; color: #c01343; background: #f7f7f7; }
.context code { font-size: 11px; }
`;
