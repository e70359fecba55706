import { printableText } from "../../lib/domain/printable-text.ts";

export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: string };

/** Returns what `asking` comes to; never throws. */
export async function outcome<Value>(asking: Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { ok: true, value: await asking };
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ok: false, why: printableText(text, 300) };
  }
}
