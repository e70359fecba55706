import {
  type Alias,
  type KeySummary,
  ListAliasesCommand,
  ListKeysCommand,
  type PaymentCryptographyClient,
} from "@aws-sdk/client-payment-cryptography";
import { type KeyArn, parseKeyArn } from "../../domain/key/key-arn.ts";
import { wellFormed } from "../../domain/well-formed.ts";
import type { InventoriedKey } from "../../workflows/ports/guard.ts";
import type { KeyLists, ListedAlias } from "../../workflows/ports/sweep.ts";
import { allPages } from "./control-plane.ts";

/** ListKeys by the client of `createPaymentKeys`; a key whose ARN is not understood is left to its event. */
export function createKeyLists(client: PaymentCryptographyClient): KeyLists {
  return {
    pending: async () => {
      const keys = await listKeys(client, "DELETE_PENDING");
      const pending = keys.filter(({ KeyState = "DELETE_PENDING" }) => KeyState === "DELETE_PENDING");
      return pending.map(({ arn, KeyAttributes }) => ({ arn, usage: wellFormed(KeyAttributes?.KeyUsage ?? "") }));
    },
    all: async () => (await listKeys(client)).map(inventoried),
    allAliases: async () =>
      await allPages(async (token) => {
        const page = await client.send(new ListAliasesCommand({ NextToken: token, MaxResults: 100 }));
        return { items: (page.Aliases ?? []).flatMap(listedAlias), next: page.NextToken };
      }),
  };
}

function listedAlias({ AliasName, KeyArn }: Partial<Alias>): readonly ListedAlias[] {
  if (AliasName === undefined) return [];
  return [{ alias: wellFormed(AliasName), ...(KeyArn !== undefined && { target: KeyArn }) }];
}

function inventoried(key: KeySummary & { readonly arn: KeyArn }): InventoriedKey {
  const { arn, KeyState, KeyAttributes, KeyCheckValue, Exportable, Enabled } = key;
  const { KeyUsage, KeyClass, KeyAlgorithm } = KeyAttributes ?? {};
  return {
    ...{
      arn,
      alive: KeyState === "CREATE_COMPLETE",
      pending: KeyState === "DELETE_PENDING",
      enabled: Enabled === true,
    },
    ...(KeyUsage !== undefined && { usage: wellFormed(KeyUsage) }),
    ...(KeyClass !== undefined && { keyClass: wellFormed(KeyClass) }),
    ...(KeyAlgorithm !== undefined && { algorithm: wellFormed(KeyAlgorithm) }),
    ...(KeyCheckValue !== undefined && { kcv: wellFormed(KeyCheckValue) }),
    ...(Exportable !== undefined && { exportable: Exportable }),
  };
}

async function listKeys(client: PaymentCryptographyClient, KeyState?: "DELETE_PENDING") {
  return await allPages(async (token) => {
    const filter = KeyState && { KeyState };
    const page = await client.send(new ListKeysCommand({ ...filter, NextToken: token, MaxResults: 100 }));
    const items = (page.Keys ?? []).flatMap((key) => {
      const arn = parseKeyArn(key.KeyArn);
      return arn === undefined ? [] : [{ ...key, arn }];
    });
    return { items, next: page.NextToken };
  });
}
