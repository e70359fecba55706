import {
  GetKeyCommand,
  ListAliasesCommand,
  ListTagsForResourceCommand,
  type PaymentCryptographyClient,
  RestoreKeyCommand,
  StartKeyUsageCommand,
} from "@aws-sdk/client-payment-cryptography";
import { GuardError } from "../../domain/guard-error.ts";
import type { KeyArn } from "../../domain/key/key-arn.ts";
import type { KeyObservation } from "../../domain/key/payment-key.ts";
import { wellFormed } from "../../domain/well-formed.ts";
import type { EffectAnswer, PaymentKeys } from "../../workflows/ports/guard.ts";
import { isRefusal, nameOf, toGuardError } from "./control-plane-error.ts";
import { observationFrom } from "./key-observation.ts";
import { keepMultiRegion } from "./multi-region.ts";
import type { Pace } from "./pace.ts";
import { paceEveryAttempt } from "./paced-client.ts";

/** Pages read of tags or aliases at most; the service allows 200 tags per key, at 100 a page. */
const maxPages = 50;

/** The guard's five calls, each attempt (the SDK's retries too) kept to `pace`. */
export function createPaymentKeys(client: PaymentCryptographyClient, pace: Pace): PaymentKeys {
  paceEveryAttempt(client, pace);
  keepMultiRegion(client);
  return {
    observe: async (identifier) => await observe(client, identifier),
    restore: async (arn) =>
      await act(async () => (await client.send(new RestoreKeyCommand({ KeyIdentifier: arn }))).Key),
    startUsage: async (arn) =>
      await act(async () => (await client.send(new StartKeyUsageCommand({ KeyIdentifier: arn }))).Key),
    tags: async (arn) => Object.fromEntries(await allPages(async (token) => await tagsPage(client, arn, token))),
    aliases: async (arn) => await allPages(async (token) => await aliasesPage(client, arn, token)),
  };
}

async function observe(client: PaymentCryptographyClient, identifier: string): Promise<KeyObservation> {
  try {
    return observationFrom((await client.send(new GetKeyCommand({ KeyIdentifier: identifier }))).Key);
  } catch (error) {
    if (nameOf(error) === "ResourceNotFoundException") return { kind: "absent" };
    throw toGuardError(error);
  }
}

async function act(call: () => Promise<unknown>): Promise<EffectAnswer> {
  try {
    return { kind: "done", observation: observationFrom(await call()) };
  } catch (error) {
    const code = nameOf(error);
    if (isRefusal(code)) return { kind: "refused", code };
    throw toGuardError(error);
  }
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | undefined;
}

async function tagsPage(
  client: PaymentCryptographyClient,
  arn: KeyArn,
  token?: string,
): Promise<Page<[string, string]>> {
  const page = await client.send(
    new ListTagsForResourceCommand({ ResourceArn: arn, NextToken: token, MaxResults: 100 }),
  );
  const tags = page.Tags ?? [];
  return { items: tags.map(({ Key = "", Value = "" }) => [wellFormed(Key), wellFormed(Value)]), next: page.NextToken };
}

async function aliasesPage(client: PaymentCryptographyClient, arn: KeyArn, token?: string): Promise<Page<string>> {
  const page = await client.send(new ListAliasesCommand({ KeyArn: arn, NextToken: token, MaxResults: 100 }));
  // An account's aliases come unfiltered from an endpoint that does not know `KeyArn`.
  const own = (page.Aliases ?? []).filter((alias) => alias.KeyArn === undefined || alias.KeyArn === arn);
  return {
    items: own.flatMap(({ AliasName }) => (AliasName === undefined ? [] : wellFormed(AliasName))),
    next: page.NextToken,
  };
}

/** Returns all items of a list. Throws a GuardError. */
export async function allPages<Item>(read: (token?: string) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < maxPages; pages++) {
    const page = await read(token).catch((error: unknown) => {
      throw toGuardError(error);
    });
    items.push(...page.items);
    token = page.next;
    if (!token) return items;
  }
  throw new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "a list does not end");
}
