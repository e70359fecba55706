import { errorText } from "../../cli/shell/error-text.ts";

export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: string };

/** Returns what `asking` comes to; never throws. */
export async function outcome<Value>(asking: Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { ok: true, value: await asking };
  } catch (error) {
    return { ok: false, why: errorText(error) };
  }
}
