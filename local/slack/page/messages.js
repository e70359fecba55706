import { blockElements, element, spanElements } from "./elements.js";

/** What was drawn last, by key: an element that need not change keeps its place, the focus and what is selected in it. */
const drawn = new Map();

/** Draws the items of a channel into `list`, in order. Answers those that are new or changed. */
export function drawItems(list, items, press) {
  const keys = new Set(items.map(keyOf));
  for (const [key, { node }] of drawn) {
    if (keys.has(key)) continue;
    node.remove();
    drawn.delete(key);
  }
  const fresh = [];
  items.forEach((item, n) => {
    const node = nodeFor(item, press, fresh);
    if (list.children[n] !== node) list.insertBefore(node, list.children[n] ?? null);
  });
  return fresh;
}

function keyOf({ channel, ts }) {
  return `${channel} ${ts}`;
}

function nodeFor(item, press, fresh) {
  const key = keyOf(item);
  const look = JSON.stringify(item);
  const old = drawn.get(key);
  if (old?.look === look) return old.node;
  fresh.push(item);
  const node = itemElement(item, press);
  drawn.set(key, { look, node });
  if (old) replaceKeepingFocus(old.node, node);
  return node;
}

function replaceKeepingFocus(old, node) {
  const focused = old.contains(document.activeElement) ? document.activeElement : undefined;
  old.replaceWith(node);
  if (!focused) return;
  const same = [...node.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === focused.dataset.focus);
  (same ?? node).focus();
}

function itemElement(item, press) {
  const { ts, thread, blocks, text, edited, onlyFor } = item;
  const said = blocks.length > 0 ? blockElements(blocks, (id, button) => press(item, id, button)) : undefined;
  return element(
    "li",
    { className: `message ${thread === ts ? "" : "reply"} ${onlyFor ? "whisper" : ""}`, tabIndex: -1 },
    element("span", { className: "face", ariaHidden: "true" }, onlyFor ? "S" : "R"),
    element(
      "article",
      {},
      element(
        "p",
        { className: "byline" },
        element("strong", {}, onlyFor ? "Slack" : "reprieve"),
        element("span", { className: "badge" }, onlyFor ? "only visible to you" : "APP"),
        timeElement(Number(ts)),
        thread === ts ? undefined : element("span", { className: "unseen" }, "reply in thread"),
        edited ? element("span", { className: "faint" }, "(edited)") : undefined,
      ),
      said ?? element("p", { className: "text" }, spanElements(text)),
    ),
  );
}

function timeElement(seconds) {
  const at = new Date(seconds * 1000);
  return element(
    "time",
    { className: "faint", dateTime: at.toISOString(), title: at.toISOString() },
    at.toLocaleString(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }),
  );
}
