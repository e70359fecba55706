/**
 * An element with properties and children. INVARIANT: whatever comes from the API enters the document as text or as a property,
 * never as markup.
 */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.flat().filter((child) => child !== undefined));
  return made;
}

/** Spans as the server made them of Slack's mark-up. */
export function spanElements(spans) {
  return spans.map((span) => marked(bare(span), span.marks));
}

function bare({ text, href, mention, date }) {
  if (href) return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
  if (mention) return element("span", { className: "mention" }, text);
  if (date)
    return element("time", { dateTime: new Date(date.seconds * 1000).toISOString(), title: text }, spoken(date));
  return document.createTextNode(text);
}

const tags = { bold: "strong", italic: "em", strike: "s", code: "code", block: "pre" };

function marked(node, marks) {
  return marks.reduceRight((inner, mark) => element(tags[mark], {}, inner), node);
}

const dateStyles = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/** A time in the reader's own zone; Slack's "pretty" forms without "today". */
function spoken({ seconds, format }) {
  return format.replace(/\{(\w+)\}/g, (whole, token) => {
    const style = dateStyles[token.replace("_pretty", "")];
    return style ? new Intl.DateTimeFormat(undefined, style).format(seconds * 1000) : whole;
  });
}

/** Blocks of Block Kit. `press(actionId, button)` is called for a pressed button. */
export function blockElements(blocks, press) {
  return blocks.map((block) => shapes[block.type]?.(block, press));
}

const shapes = {
  header: ({ text }) => element("h3", { className: "header" }, spanElements(text.spans)),
  divider: () => element("hr"),
  context: ({ elements }) =>
    element(
      "p",
      { className: "context" },
      elements.flatMap(({ spans }) => [...spanElements(spans), " "]),
    ),
  section: ({ text, fields = [], accessory }, press) =>
    element(
      "div",
      { className: "section" },
      text && element("p", {}, spanElements(text.spans)),
      fields.length > 0
        ? element(
            "div",
            { className: "fields" },
            fields.map(({ spans }) => element("p", {}, spanElements(spans))),
          )
        : undefined,
      accessory && button(accessory, press),
    ),
  actions: ({ elements }, press) =>
    element(
      "div",
      { className: "actions" },
      elements.map((one) => button(one, press)),
    ),
  input: inputElement,
};

function button({ text, style = "", url, action_id, accessibility_label }, press) {
  const made = url
    ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" })
    : element("button", { type: "button" });
  made.className = `button ${style}`;
  made.append(...spanElements(text.spans));
  made.dataset.focus = action_id;
  if (accessibility_label) made.ariaLabel = accessibility_label;
  made.addEventListener("click", () => press(action_id, made));
  return made;
}

function inputElement({ block_id, label, element: field, hint, optional }) {
  const id = `field-${block_id}`;
  const control = element(field.multiline ? "textarea" : "input", {
    id,
    name: field.action_id,
    value: field.initial_value ?? "",
    placeholder: field.placeholder?.text ?? "",
    required: !optional,
    autocomplete: "off",
  });
  if (field.max_length) control.maxLength = field.max_length;
  if (field.min_length) control.minLength = field.min_length;
  control.autofocus = field.focus_on_load === true;
  control.setAttribute("aria-describedby", `hint-${block_id} error-${block_id}`);
  return element(
    "div",
    { className: "input" },
    element("label", { htmlFor: id }, ...spanElements(label.spans), optional ? " (optional)" : ""),
    control,
    element("p", { className: "hint", id: `hint-${block_id}` }, hint ? spanElements(hint.spans) : []),
    element("p", { className: "error", id: `error-${block_id}`, role: "alert" }),
  );
}
