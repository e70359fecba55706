import type { Chain } from "../domain/audit-chain.ts";
import type { KeyArn } from "../domain/key-arn.ts";
import { foldPermit } from "../domain/permit.ts";
import type { PermitChange } from "../workflows/ports.ts";
import { chainInput, storedChain } from "./chain-item.ts";
import type { Item, Update } from "./item.ts";

/** The chain of the permit that `item` holds, or undefined for one that cannot be trusted: it permits nothing. */
export function storedPermit(item: Item, keyArn: KeyArn): Chain | undefined {
  const chain = storedChain(item);
  const permit = chain && foldPermit(chain)?.permit;
  const own = permit?.keyArn === keyArn && permit.generation === Number(item["sk"]?.N);
  return own ? chain : undefined;
}

/** One conditional write to the chain of a permit. */
export function permitInput({ keyArn, generation, chain, expectedLength }: PermitChange): Update {
  return chainInput(`permit#${keyArn}`, generation, chain, expectedLength);
}
