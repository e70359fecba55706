import { codeOf, GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { KeyInventory, PaymentKeys } from "../ports/guard.ts";

/** The labels of a key, and what the inventory has seen of them. Every call throws a GuardError. */
export type Labels = Pick<PaymentKeys, "tags" | "aliases"> & Pick<KeyInventory, "labelsSeen">;

interface LabelSources {
  readonly keys: Pick<PaymentKeys, "tags" | "aliases">;
  readonly inventory: Pick<KeyInventory, "labelsSeen">;
}

/** Returns the labels of one key, each list read at most once: entries keep only a part of them, and every call takes from a shared quota. */
export function labelsOnce({ keys, inventory }: LabelSources): Labels {
  return {
    tags: once(async (arn) => await keys.tags(arn)),
    aliases: once(async (arn) => await keys.aliases(arn)),
    labelsSeen: once(async (arn) => await inventory.labelsSeen(arn).catch(refuse)),
  };
}

/** INVARIANT: an inventory that is out of reach does not count as a failure of the case store, which would end the patience with it. */
function refuse(cause: unknown): never {
  throw new GuardError("INVENTORY_UNAVAILABLE", "retry", `the inventory cannot be read (${codeOf(cause)})`, { cause });
}

function once<Value>(read: (arn: KeyArn) => Promise<Value>): (arn: KeyArn) => Promise<Value> {
  let known: { readonly value: Value } | undefined;
  return async (arn) => {
    known ??= { value: await read(arn) };
    return known.value;
  };
}
