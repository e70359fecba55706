import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { PaymentKeys } from "../ports/guard.ts";

export type Labels = Pick<PaymentKeys, "tags" | "aliases">;

/** Returns the labels of one key, each list read at most once: entries keep only a part of them, and every call takes from a shared quota. */
export function labelsOnce(keys: Labels): Labels {
  return { tags: once(async (arn) => await keys.tags(arn)), aliases: once(async (arn) => await keys.aliases(arn)) };
}

function once<Value>(read: (arn: KeyArn) => Promise<Value>): (arn: KeyArn) => Promise<Value> {
  let known: { readonly value: Value } | undefined;
  return async (arn) => {
    known ??= { value: await read(arn) };
    return known.value;
  };
}
