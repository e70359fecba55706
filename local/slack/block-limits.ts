import * as v from "valibot";

/** What Slack itself refuses. Source: Slack's Block Kit reference, "Blocks", "Elements" and "Composition objects". */
const length = (max: number) =>
  v.pipe(
    v.string(),
    v.minLength(1, "must be more than 0 characters"),
    v.maxLength(max, `must be less than ${max + 1} characters`),
  );
const atMost = <Item>(max: number) => v.maxLength<Item[], number, string>(max, `no more than ${max} items allowed`);

/** Text in which no mark means anything. */
export const plainText = (max: number) =>
  v.strictObject({ type: v.literal("plain_text"), text: length(max), emoji: v.optional(v.boolean()) });

const anyText = (max: number) =>
  v.variant("type", [
    plainText(max),
    v.strictObject({ type: v.literal("mrkdwn"), text: length(max), verbatim: v.optional(v.boolean()) }),
  ]);

const blockId = { block_id: v.optional(length(255)) };
const actionId = { action_id: v.optional(length(255)) };

const button = v.strictObject({
  type: v.literal("button"),
  ...actionId,
  text: plainText(75),
  value: v.optional(v.pipe(v.string(), v.maxLength(2000, "must be less than 2001 characters"))),
  url: v.optional(v.pipe(length(3000), v.regex(/^https?:\/\//, "must be a valid URL"))),
  style: v.optional(v.picklist(["primary", "danger"])),
  accessibility_label: v.optional(length(75)),
});

const textInput = v.strictObject({
  type: v.literal("plain_text_input"),
  ...actionId,
  multiline: v.optional(v.boolean()),
  initial_value: v.optional(length(3000)),
  min_length: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3000))),
  max_length: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3000))),
  placeholder: v.optional(plainText(150)),
  focus_on_load: v.optional(v.boolean()),
});

const section = v.pipe(
  v.strictObject({
    type: v.literal("section"),
    ...blockId,
    text: v.optional(anyText(3000)),
    fields: v.optional(v.pipe(v.array(anyText(2000)), v.minLength(1, "must have at least 1 item"), atMost(10))),
    accessory: v.optional(button),
    expand: v.optional(v.boolean()),
  }),
  v.check(({ text, fields }) => (text ?? fields) !== undefined, "must define either `text` or `fields`"),
);

const actions = v.strictObject({
  type: v.literal("actions"),
  ...blockId,
  elements: v.pipe(v.array(v.variant("type", [button])), v.minLength(1, "must have at least 1 item"), atMost(25)),
});

const input = v.strictObject({
  type: v.literal("input"),
  ...blockId,
  label: plainText(2000),
  element: v.variant("type", [textInput]),
  hint: v.optional(plainText(2000)),
  optional: v.optional(v.boolean()),
  dispatch_action: v.optional(v.boolean()),
});

const block = v.variant("type", [
  v.strictObject({ type: v.literal("header"), ...blockId, text: plainText(150) }),
  section,
  v.strictObject({
    type: v.literal("context"),
    ...blockId,
    elements: v.pipe(v.array(anyText(3000)), v.minLength(1, "must have at least 1 item"), atMost(10)),
  }),
  v.strictObject({ type: v.literal("divider"), ...blockId }),
  actions,
  input,
]);

/** At most `max` blocks, no two of one name. */
export const blocksOf = (max: number) =>
  v.pipe(
    v.array(block),
    atMost(max),
    v.check((blocks) => {
      const ids = blocks.flatMap(({ block_id }) => block_id ?? []);
      return new Set(ids).size === ids.length;
    }, "`block_id` must be unique"),
  );

export type Block = v.InferOutput<typeof block>;
export type Button = v.InferOutput<typeof button>;

/** Slack names what an app left unnamed. */
export function named(blocks: readonly Block[]): readonly Block[] {
  return blocks.map((one, n) => {
    const block_id = one.block_id ?? `local-${n}`;
    const call = (button: Button, m: number) => ({ ...button, action_id: button.action_id ?? `local-${n}-${m}` });
    if (one.type === "actions") return { ...one, block_id, elements: one.elements.map(call) };
    if (one.type === "section" && one.accessory) return { ...one, block_id, accessory: call(one.accessory, 0) };
    if (one.type !== "input") return { ...one, block_id };
    return { ...one, block_id, element: { ...one.element, action_id: one.element.action_id ?? `local-${n}` } };
  });
}
