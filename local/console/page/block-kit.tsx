import type { ComponentChildren } from "preact";

/** A piece of text as the server made it of Slack's mark-up: nothing in it is left to interpret. */
export interface Span {
  readonly text: string;
  readonly marks: readonly ("bold" | "italic" | "strike" | "code" | "block")[];
  readonly href?: string;
  readonly mention?: true;
  readonly date?: { readonly seconds: number };
}

interface Text {
  readonly spans: readonly Span[];
}

interface ButtonBlock {
  readonly text: Text;
  readonly style?: string;
  readonly action_id: string;
  readonly accessibility_label?: string;
}

interface InputBlock {
  readonly type: "input";
  readonly block_id: string;
  readonly label: Text;
  readonly hint?: Text;
  readonly optional?: boolean;
  readonly element: { readonly action_id: string; readonly multiline?: boolean; readonly max_length?: number };
}

/** The blocks of Slack's Block Kit that reprieve uses. */
export type Block =
  | { readonly type: "header"; readonly text: Text }
  | { readonly type: "divider" }
  | { readonly type: "context"; readonly elements: readonly Text[] }
  | {
      readonly type: "section";
      readonly text?: Text;
      readonly fields?: readonly Text[];
      readonly accessory?: ButtonBlock;
    }
  | { readonly type: "actions"; readonly elements: readonly ButtonBlock[] }
  | InputBlock;

const tags = { bold: "strong", italic: "em", strike: "s", code: "code", block: "pre" } as const;

export function Spans({ spans = [] }: { readonly spans?: readonly Span[] | undefined }) {
  return (
    <>
      {spans.map((span, n) => (
        <SpanOf key={n} span={span} />
      ))}
    </>
  );
}

function SpanOf({ span: { text, marks, href, mention, date } }: { readonly span: Span }) {
  const bare = href ? (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  ) : mention ? (
    <span class="mention">{text}</span>
  ) : date ? (
    <time dateTime={new Date(date.seconds * 1000).toISOString()}>{text}</time>
  ) : (
    text
  );
  return (
    <>
      {marks.reduceRight<ComponentChildren>((inner, mark) => {
        const Tag = tags[mark];
        return <Tag>{inner}</Tag>;
      }, bare)}
    </>
  );
}

interface BlocksProps {
  readonly blocks: readonly Block[];
  readonly press: (actionId: string) => void;
  /** What the app says is wrong with an answer, by block. */
  readonly errors?: Readonly<Record<string, string>>;
}

export function Blocks({ blocks, press, errors = {} }: BlocksProps) {
  return (
    <>
      {blocks.map((block, n) => (
        <BlockOf key={n} block={block} press={press} errors={errors} />
      ))}
    </>
  );
}

function BlockOf({ block, press, errors }: Required<Omit<BlocksProps, "blocks">> & { readonly block: Block }) {
  switch (block.type) {
    case "header":
      return (
        <h3>
          <Spans spans={block.text.spans} />
        </h3>
      );
    case "divider":
      return <hr />;
    case "context":
      return (
        <p class="context">
          {block.elements.map(({ spans }, n) => (
            <Spans key={n} spans={spans} />
          ))}
        </p>
      );
    case "section":
      return (
        <div class="section">
          {block.text ? (
            <p>
              <Spans spans={block.text.spans} />
            </p>
          ) : null}
          {block.fields ? (
            <div class="fields">
              {block.fields.map(({ spans }, n) => (
                <p key={n}>
                  <Spans spans={spans} />
                </p>
              ))}
            </div>
          ) : null}
          {block.accessory ? <Button button={block.accessory} press={press} /> : null}
        </div>
      );
    case "actions":
      return (
        <div class="buttons">
          {block.elements.map((each) => (
            <Button key={each.action_id} button={each} press={press} />
          ))}
        </div>
      );
    case "input":
      return <Field input={block} error={errors[block.block_id]} />;
  }
}

function Button({ button, press }: { readonly button: ButtonBlock; readonly press: (actionId: string) => void }) {
  return (
    <button
      type="button"
      class={button.style ?? ""}
      onClick={() => press(button.action_id)}
      aria-label={button.accessibility_label}
    >
      <Spans spans={button.text.spans} />
    </button>
  );
}

function Field({ input, error }: { readonly input: InputBlock; readonly error: string | undefined }) {
  const { block_id, label, hint, optional = false, element } = input;
  const id = `field-${block_id}`;
  const described = { "aria-describedby": `hint-${block_id} error-${block_id}`, "aria-invalid": error !== undefined };
  const common = { id, name: element.action_id, required: !optional, autocomplete: "off", ...described };
  const most = element.max_length === undefined ? {} : { maxLength: element.max_length };
  return (
    <div class="field">
      <label for={id}>
        <Spans spans={label.spans} />
        {optional ? " (optional)" : ""}
      </label>
      {element.multiline ? <textarea rows={3} {...common} {...most} /> : <input {...common} {...most} />}
      <p class="hint" id={`hint-${block_id}`}>
        <Spans spans={hint?.spans} />
      </p>
      <p class="error" id={`error-${block_id}`} role="alert">
        {error}
      </p>
    </div>
  );
}
