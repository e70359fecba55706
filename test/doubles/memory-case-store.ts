import { caseOf } from "../../lib/domain/case/fold.ts";
import { type Keep, latestKeep } from "../../lib/domain/case/keep.ts";
import type { KnownCalls } from "../../lib/domain/case/known-calls.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { caseNameFrom } from "../../lib/domain/ledger/case-name.ts";
import { type Chain, damageText, emptyChain, readChain } from "../../lib/domain/ledger/chain.ts";
import type { ChainName } from "../../lib/domain/ledger/chain-name.ts";
import type { CaseChange, CaseStatus, CaseStore, Lease, StoredCase } from "../../lib/workflows/ports/guard.ts";
import { chainItem, refuseTooLarge, refuseTooLargeCase } from "./item-size.ts";
import { holdsAdded } from "./memory-pause-book.ts";

interface Item {
  readonly name: ChainName;
  readonly texts: readonly string[];
  readonly lease?: Lease;
  readonly failures: number;
  readonly labelsMissingSince?: number;
  readonly status: CaseStatus | "quarantined";
  readonly published: number;
  readonly dueAt?: number;
  readonly keep?: Keep;
  readonly earlier?: KnownCalls;
}

/** The case store in memory, for tests of the workflows; held to the same contract suite as the real one, and refuses what is too large for it. */
export function createMemoryCaseStore(): CaseStore & {
  readonly items: Map<string, Item>;
  chains(): Chain[];
  /** The last text of every permit. */
  permitTexts(): string[];
} {
  const items = new Map<string, Item>();
  /** Of each key, the newest first. */
  const generations = new Map<KeyArn, number[]>();
  const permits = new Map<string, Chain>();
  const id = (keyArn: KeyArn, generation: number) => `${keyArn}#${generation}`;
  return {
    items,
    permitTexts: () => [...permits].map(([name, { texts }]) => `${name} ${texts.at(-1)}`),
    chains: () => [...items.values()].map(({ texts, name }) => chainOf(texts, name)),
    history: async (keyArn) => {
      const own = (generations.get(keyArn) ?? []).flatMap((generation) => items.get(id(keyArn, generation)) ?? []);
      const [newest, previous] = own;
      const keep = latestKeep(own.map((item) => item.keep));
      return {
        ...(newest && { newest: storedCase(newest) }),
        ...(previous && { previous: storedCase(previous) }),
        ...(keep && { keep }),
      };
    },
    read: async ({ keyArn, generation }) => {
      const item = items.get(id(keyArn, generation));
      return item && storedCase(item);
    },
    permits: async (keyArn) =>
      [...permits].flatMap(([name, chain]) => (name.startsWith(`${keyArn}#`) ? [chain] : [])).reverse(),
    savePermit: async (change) => {
      const { chain, expectedLength } = change;
      const key = chain.name;
      const before = permits.get(key) ?? emptyChain(chain.name);
      if (before.texts.length !== expectedLength) return holdsAdded(before, change) ? "saved" : "conflict";
      refuseTooLarge(chainItem(chain));
      permits.set(key, chain);
      return "saved";
    },
    save: async (change) => {
      const key = id(change.keyArn, change.generation);
      const item = items.get(key);
      if (!mayWrite(item, change)) return isOwnWrite(item, change) ? "saved" : "conflict";
      refuseTooLargeCase(change);
      if (item === undefined)
        generations.set(
          change.keyArn,
          [change.generation, ...(generations.get(change.keyArn) ?? [])].sort((a, b) => b - a),
        );
      const { keep } = caseOf(change.chain);
      const earlier = item === undefined ? change.earlier : item.earlier;
      items.set(key, {
        name: change.chain.name,
        texts: change.chain.texts,
        ...(keep && { keep }),
        ...(earlier && { earlier }),
        ...(change.lease && { lease: change.lease }),
        failures: change.failures,
        ...(change.labelsMissingSince !== undefined && { labelsMissingSince: change.labelsMissingSince }),
        status: change.status,
        published: item?.published ?? 0,
        dueAt: change.dueAt,
      });
      return "saved";
    },
    markPublished: async ({ keyArn, generation }, count, closed) => {
      const key = id(keyArn, generation);
      const item = items.get(key);
      if (item === undefined) return;
      const { dueAt: _due, ...settled } = item;
      const done = closed && item.texts.length === count && item.lease === undefined;
      items.set(key, { ...(done ? settled : item), published: Math.max(count, item.published) });
    },
    due: async (now, limit) =>
      (["open", "following", "closed"] as const).flatMap((status) =>
        [...items]
          .filter(([, item]) => item.status === status && item.dueAt !== undefined && item.dueAt <= now)
          .sort(([, a], [, b]) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
          .slice(0, limit)
          .flatMap(([name]) => caseNameFrom(name) ?? [])
          .map((name) => ({ name, status })),
      ),
    countOpen: async () => [...items.values()].filter(({ status }) => status === "open").length,
    quarantine: async (keyArn) => {
      const key = [...items.keys()].findLast((name) => name.startsWith(`${keyArn}#`)) ?? "";
      const item = items.get(key);
      if (item === undefined) return;
      const { dueAt: _due, ...rest } = item;
      items.set(key, { ...rest, status: "quarantined" });
    },
  };
}

function mayWrite(item: Item | undefined, { expectedLength, owner, now }: CaseChange): boolean {
  if (item === undefined) return expectedLength === 0;
  const claimed = item.lease !== undefined && item.lease.owner !== owner && item.lease.until > now;
  return expectedLength > 0 && item.texts.length === expectedLength && !claimed;
}

function isOwnWrite(item: Item | undefined, change: CaseChange): boolean {
  const { chain, lease, expectedLength } = change;
  const added = chain.texts.length > expectedLength;
  if (item !== undefined && added && lease === undefined && holdsAdded(chainOf(item.texts, item.name), change))
    return true;
  return item !== undefined && chainOf(item.texts, item.name).head === chain.head && item.lease?.owner === lease?.owner;
}

function storedCase({ name, texts, lease, failures, labelsMissingSince, published, dueAt, earlier }: Item): StoredCase {
  return {
    chain: chainOf(texts, name),
    ...(lease && { lease }),
    failures,
    ...(labelsMissingSince !== undefined && { labelsMissingSince }),
    published,
    ...(dueAt !== undefined && { dueAt }),
    ...(earlier && { earlier }),
  };
}

/** Chains by their last text: the explorer reads the same ones again and again. */
const known = new Map<string, Chain>();

function chainOf(texts: readonly string[], name: ChainName): Chain {
  const last = texts.at(-1) ?? "";
  const before = known.get(last);
  if (before?.texts.length === texts.length && texts.every((text, n) => text === before.texts[n])) return before;
  const reading = readChain(texts, name);
  if (!reading.ok) throw new Error(damageText(reading));
  if (known.size > 2_000) known.clear();
  known.set(last, reading.chain);
  return reading.chain;
}
