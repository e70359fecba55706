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

export function Spans({ of = [] }: { readonly of?: readonly Span[] | undefined }) {
  return (
    <>
      {of.map((span, n) => (
        <SpanOf key={n} of={span} />
      ))}
    </>
  );
}

function SpanOf({ of: { text, marks, href, mention, date } }: { readonly of: Span }) {
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
  readonly of: readonly Block[];
  readonly press: (actionId: string) => void;
  /** What the app says is wrong with an answer, by block. */
  readonly errors?: Readonly<Record<string, string>>;
}

export function Blocks({ of, press, errors = {} }: BlocksProps) {
  return (
    <>
      {of.map((block, n) => (
        <BlockOf key={n} of={block} press={press} errors={errors} />
      ))}
    </>
  );
}

function BlockOf({ of, press, errors }: Required<Omit<BlocksProps, "of">> & { readonly of: Block }) {
  switch (of.type) {
    case "header":
      return (
        <h3>
          <Spans of={of.text.spans} />
        </h3>
      );
    case "divider":
      return <hr />;
    case "context":
      return (
        <p class="context">
          {of.elements.map(({ spans }, n) => (
            <Spans key={n} of={spans} />
          ))}
        </p>
      );
    case "section":
      return (
        <div class="section">
          {of.text ? (
            <p>
              <Spans of={of.text.spans} />
            </p>
          ) : null}
          {of.fields ? (
            <div class="fields">
              {of.fields.map(({ spans }, n) => (
                <p key={n}>
                  <Spans of={spans} />
                </p>
              ))}
            </div>
          ) : null}
          {of.accessory ? <Button of={of.accessory} press={press} /> : null}
        </div>
      );
    case "actions":
      return (
        <div class="buttons">
          {of.elements.map((each) => (
            <Button key={each.action_id} of={each} press={press} />
          ))}
        </div>
      );
    case "input":
      return <Field of={of} error={errors[of.block_id]} />;
  }
}

function Button({ of, press }: { readonly of: ButtonBlock; readonly press: (actionId: string) => void }) {
  return (
    <button
      type="button"
      class={of.style ?? ""}
      onClick={() => press(of.action_id)}
      aria-label={of.accessibility_label}
    >
      <Spans of={of.text.spans} />
    </button>
  );
}

function Field({ of, error }: { readonly of: InputBlock; readonly error: string | undefined }) {
  const { block_id, label, hint, optional = false, element } = of;
  const id = `field-${block_id}`;
  const described = { "aria-describedby": `hint-${block_id} error-${block_id}`, "aria-invalid": error !== undefined };
  const common = { id, name: element.action_id, required: !optional, autocomplete: "off", ...described };
  const most = element.max_length === undefined ? {} : { maxLength: element.max_length };
  return (
    <div class="field">
      <label for={id}>
        <Spans of={label.spans} />
        {optional ? " (optional)" : ""}
      </label>
      {element.multiline ? <textarea rows={3} {...common} {...most} /> : <input {...common} {...most} />}
      <p class="hint" id={`hint-${block_id}`}>
        <Spans of={hint?.spans} />
      </p>
      <p class="error" id={`error-${block_id}`} role="alert">
        {error}
      </p>
    </div>
  );
}
