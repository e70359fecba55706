import { ListKeysCommand, type PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";

/** Keys of a region, as far as they were counted. */
export interface KeyCount {
  readonly count: number;
  readonly isAll: boolean;
}

/** Keys that a region takes, and from how many on someone has to ask AWS for more. */
export const keyQuota = 2_000;
export const manyKeys = 0.8 * keyQuota;

/** Counts the keys of a region with so many calls at most, one after another: the account shares 5 control-plane calls a second. */
export async function countKeys(client: Pick<PaymentCryptographyClient, "send">, maxCalls: number): Promise<KeyCount> {
  let count = 0;
  let next: string | undefined;
  for (let n = 0; n < maxCalls; n++) {
    const page = await client.send(
      new ListKeysCommand({ MaxResults: 100, ...(next !== undefined && { NextToken: next }) }),
    );
    count += page.Keys?.length ?? 0;
    next = page.NextToken;
    if (next === undefined) return { count, isAll: true };
  }
  return { count, isAll: false };
}

/** Returns how many keys there are, in words, and a warning near the quota. */
export function keyCountText({ count, isAll }: KeyCount): { readonly text: string; readonly isMany: boolean } {
  const text = `${count}${isAll ? "" : " or more"} keys`;
  const isMany = count >= manyKeys;
  return {
    isMany,
    text: isMany
      ? `${text} of the ${keyQuota} that a region takes: ask AWS for a higher quota before keys can no longer be made`
      : text,
  };
}
