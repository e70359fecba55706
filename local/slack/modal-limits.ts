import * as v from "valibot";
import { type Block, blocksOf, named, plainText } from "./block-limits.ts";
import { complaintsOf, Refusal } from "./refusal.ts";

const upTo = (max: number) => v.pipe(v.string(), v.maxLength(max, `must be less than ${max + 1} characters`));

/** What Slack refuses in a modal. Source: Slack's reference, "View objects". */
const modalSchema = v.pipe(
  v.strictObject({
    type: v.literal("modal"),
    title: plainText(24),
    submit: v.optional(plainText(24)),
    close: v.optional(plainText(24)),
    blocks: blocksOf(100),
    private_metadata: v.optional(upTo(3000)),
    callback_id: v.optional(upTo(255)),
    external_id: v.optional(upTo(255)),
    clear_on_close: v.optional(v.boolean()),
    notify_on_close: v.optional(v.boolean()),
  }),
  v.check(
    ({ submit, blocks }) => submit !== undefined || blocks.every(({ type }) => type !== "input"),
    "must define `submit` to use an `input` block in modals",
  ),
);

export type ModalView = Omit<v.InferOutput<typeof modalSchema>, "blocks"> & { readonly blocks: readonly Block[] };

/** The view as Slack keeps it. Throws a Refusal that says what is against the limits. */
export function modalFrom(view: unknown): ModalView {
  const parsed = v.safeParse(modalSchema, view);
  if (!parsed.success) throw new Refusal("invalid_arguments", complaintsOf(parsed.issues, "view"));
  return { ...parsed.output, blocks: named(parsed.output.blocks) };
}
