import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { foldPermit, generationOfPermit } from "../../domain/approval/permit.ts";
import { foldPlannedPermit, generationOf } from "../../domain/approval/planned-permit.ts";
import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { Chain } from "../../domain/ledger/chain.ts";
import { permitNameText } from "../../domain/ledger/permit-name.ts";
import type { PermitChange, ReadPermit } from "../../workflows/ports/guard.ts";
import { type ChainWrite, storedChain } from "./chain-item.ts";
import { type Item, number, text } from "./item.ts";
import { getItem } from "./store-call.ts";

/** The chain of the permit that `item` holds, or undefined for one that cannot be trusted: it permits nothing. */
export function storedPermit(item: Item, keyArn: KeyArn): Chain | undefined {
  const chain = storedChain(item);
  if (chain === undefined || generationOfPermit(chain) !== Number(item["sk"]?.N)) return undefined;
  const permit = foldPermit(chain)?.permit ?? foldPlannedPermit(chain);
  return permit?.keyArn === keyArn ? chain : undefined;
}

/** Where the chain of a permit lies, and what a change adds to it. */
export function permitWrite({ keyArn, generation, chain, expectedLength }: PermitChange): ChainWrite {
  return { pk: `permit#${keyArn}`, sk: generation, chain, expectedLength };
}

/** Reads permits that were asked for beforehand, one by one. */
export function createReadPermit(client: DynamoDBClient, table: string): ReadPermit {
  return async (name) => {
    const { keyArn } = name;
    const item = await getItem(client, table, { pk: text(`permit#${keyArn}`), sk: number(generationOf(name)) });
    const chain = item && storedPermit(item, keyArn);
    if (item !== undefined && chain === undefined)
      throw new GuardError("CASE_UNREADABLE", "dead-letter", `permit \`${permitNameText(name)}\` is damaged`);
    return chain;
  };
}
