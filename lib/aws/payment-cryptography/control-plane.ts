import {
  GetKeyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ListTagsForResourceCommand,
  type PaymentCryptographyClient,
  RestoreKeyCommand,
  StartKeyUsageCommand,
} from "@aws-sdk/client-payment-cryptography";
import { GuardError } from "../../domain/guard-error.ts";
import { type KeyArn, parseKeyArn } from "../../domain/key/key-arn.ts";
import type { KeyObservation } from "../../domain/key/payment-key.ts";
import { wellFormed } from "../../domain/well-formed.ts";
import type { EffectAnswer, PaymentKeys } from "../../workflows/ports/guard.ts";
import type { KeyLists } from "../../workflows/ports/sweep.ts";
import { observationFrom } from "./key-observation.ts";
import { keepMultiRegion } from "./multi-region.ts";
import type { Pace } from "./pace.ts";

/** Pages read of tags or aliases at the most; the service allows 200 tags per key, at 100 a page. */
const maxPages = 50;

/** ListKeys by the client of `createPaymentKeys`; a key whose ARN is not understood is left to its event. */
export function createKeyLists(client: PaymentCryptographyClient): KeyLists {
  return {
    pending: async () => {
      const keys = await listKeys(client, "DELETE_PENDING");
      const pending = keys.filter(({ KeyState = "DELETE_PENDING" }) => KeyState === "DELETE_PENDING");
      return pending.map(({ arn, KeyAttributes }) => ({ arn, usage: wellFormed(KeyAttributes?.KeyUsage ?? "") }));
    },
    all: async () =>
      (await listKeys(client)).map(({ arn, KeyState, Enabled, KeyAttributes, KeyCheckValue, Exportable }) => ({
        ...{
          arn,
          alive: KeyState === "CREATE_COMPLETE",
          pending: KeyState === "DELETE_PENDING",
          enabled: Enabled === true,
        },
        ...(KeyAttributes?.KeyUsage !== undefined && { usage: wellFormed(KeyAttributes.KeyUsage) }),
        ...(KeyAttributes?.KeyClass !== undefined && { keyClass: wellFormed(KeyAttributes.KeyClass) }),
        ...(KeyAttributes?.KeyAlgorithm !== undefined && { algorithm: wellFormed(KeyAttributes.KeyAlgorithm) }),
        ...(KeyCheckValue !== undefined && { kcv: wellFormed(KeyCheckValue) }),
        ...(Exportable !== undefined && { exportable: Exportable }),
      })),
    aliasesByKey: async () => {
      const aliases = await allPages(async (token) => {
        const page = await client.send(new ListAliasesCommand({ NextToken: token, MaxResults: 100 }));
        return { items: page.Aliases ?? [], next: page.NextToken };
      });
      const named = aliases.flatMap(({ KeyArn = "", AliasName }) =>
        AliasName ? [[KeyArn, wellFormed(AliasName)]] : [],
      );
      return new Map(
        [...Map.groupBy(named, ([arn = ""]) => arn)].map(([arn, own]) => [arn, own.map(([, name = ""]) => name)]),
      );
    },
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

function paceEveryAttempt(client: PaymentCryptographyClient, pace: Pace): void {
  const paced =
    <Args, Output>(next: (args: Args) => Promise<Output>) =>
    async (args: Args) => {
      await pace();
      return await next(args);
    };
  client.middlewareStack.addRelativeTo(paced, { relation: "after", toMiddleware: "retryMiddleware", name: "pace" });
}

async function observe(client: PaymentCryptographyClient, identifier: string): Promise<KeyObservation> {
  try {
    return observationFrom((await client.send(new GetKeyCommand({ KeyIdentifier: identifier }))).Key);
  } catch (error) {
    if (nameOf(error) === "ResourceNotFoundException") return { kind: "absent" };
    throw toGuardError(error);
  }
}

/** Errors that speak of the key's state or of a limit, not of the service's health: an answer, not a failure. */
const refusals = new Set([
  "ConflictException",
  "ResourceNotFoundException",
  "ServiceQuotaExceededException",
  "ValidationException",
]);

async function act(call: () => Promise<unknown>): Promise<EffectAnswer> {
  try {
    return { kind: "done", observation: observationFrom(await call()) };
  } catch (error) {
    const code = nameOf(error);
    if (refusals.has(code)) return { kind: "refused", code };
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

async function allPages<Item>(read: (token?: string) => Promise<Page<Item>>): Promise<Item[]> {
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

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}

function toGuardError(error: unknown): GuardError {
  if (error instanceof GuardError) return error;
  const name = nameOf(error);
  if (name === "AccessDeniedException")
    return new GuardError("ACCESS_DENIED", "retry", "the control plane denies the call to the guard's role", {
      cause: error,
    });
  const code = refusals.has(name) ? "CONTROL_PLANE_REFUSED" : "CONTROL_PLANE_UNAVAILABLE";
  return new GuardError(code, "retry", `the control plane answered with \`${name}\``, { cause: error });
}
