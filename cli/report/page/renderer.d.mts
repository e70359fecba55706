/** An element that is not rendered yet. */
export interface VNode {
  readonly type: unknown;
  readonly props: object;
}

type Child = VNode | string;
type Value = string | number | Readonly<Record<string, string>> | undefined;

/** Returns an element. */
export function h(
  tag: string,
  attributes: Readonly<Record<string, Value>> | null,
  ...children: readonly Child[]
): VNode;

/** Returns the HTML of an element; text in it is escaped. */
export function renderToString(element: VNode): string;
