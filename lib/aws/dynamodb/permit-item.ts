import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { foldPermit, permitIdOf } from "../../domain/approval/permit.ts";
import { foldPlannedPermit } from "../../domain/approval/planned-permit.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { chainNameFrom, permitChainName } from "../../domain/ledger/chain-name.ts";
import { permitNameText } from "../../domain/ledger/permit-name.ts";
import type { ReadPermit } from "../../workflows/ports/guard.ts";
import { storedChain } from "./chain-item.ts";
import { chainNameAt, keyOfChain } from "./chain-key.ts";
import type { Item } from "./item.ts";
import { getItem } from "./store-call.ts";

/** Returns the chain of the permit that `item` holds, or undefined for one that cannot be trusted: it permits nothing. */
export function storedPermit(item: Item, keyArn: KeyArn): Chain | undefined {
  const name = chainNameFrom(chainNameAt(item));
  const chain = name && storedChain(item, name);
  const id = chain && permitIdOf(chain);
  if (chain === undefined || id === undefined || permitChainName(keyArn, id) !== name) return undefined;
  const permit = foldPermit(chain)?.permit ?? foldPlannedPermit(chain);
  return permit?.keyArn === keyArn ? chain : undefined;
}

/** Reads permits that were asked for beforehand, one by one. */
export function createReadPermit(client: DynamoDBClient, table: string): ReadPermit {
  return async (name) => {
    const { keyArn, number } = name;
    const place = keyOfChain(permitChainName(keyArn, { by: "request", number }));
    const item = await getItem(client, table, place);
    const chain = item && storedPermit(item, keyArn);
    if (item !== undefined && chain === undefined)
      throw new GuardError("CASE_UNREADABLE", "dead-letter", `permit \`${permitNameText(name)}\` is damaged`);
    return chain;
  };
}
