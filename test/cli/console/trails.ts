import type { StoredTrail } from "../../../cli/trail/stored-trail.ts";
import { append, type Chain, emptyChain } from "../../../lib/domain/ledger/chain.ts";
import { changePermitChainName } from "../../../lib/domain/ledger/chain-name.ts";
import type { ChangePermitName } from "../../../lib/domain/ledger/change-permit-name.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { decided, detection, toAsk, toRestore } from "../../doubles/case-builder.ts";
import { chainBefore } from "../../doubles/chain-names.ts";
import { day, keyArn, t0 } from "../../doubles/key-world.ts";

/** A chain of a case of the key with the id, whose entries follow each other by a second. */
export function caseTrail(id: string, at: number, ...more: readonly EntryBody[]): StoredTrail {
  const name = { keyArn: keyArn(id), generation: 1 };
  const first = detection({ case: name });
  const chain = [first, ...more].reduce<Chain>(
    (made, body, n) => append(made, body, at + n * 1000),
    chainBefore(first),
  );
  return { case: `${name.keyArn}#1`, texts: chain.texts, head: chain.head };
}

export const usable: readonly EntryBody[] = [
  toRestore,
  { kind: "restore-intended", late: false },
  { kind: "key-restored", enabled: true, how: "answered" },
  { kind: "key-usable", how: "answered", timeToUsableMs: 2_345, despiteRule: false },
];

export const asked: readonly EntryBody[] = [
  decided(toAsk.effect, { approvers: ["bob"] }),
  { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + 2 * day },
];

export const named = (listed: readonly string[]): EntryBody => ({
  ...{ kind: "key-named", aliases: { count: listed.length, sha256: "f".repeat(64), listed } },
});

/** A permit that Alice's change of an alias is asked about until `deadline` (ms), and what followed a second apart. */
export function permitTrail(deadline: number, ...more: readonly EntryBody[]): StoredTrail {
  const name: ChangePermitName = {
    ...{ operation: "alias", subject: { kind: "alias", alias: "alias/prod/pin" } },
    id: { by: "change", hour: 495_000 },
  };
  const first: EntryBody = {
    ...({ kind: "change-permit-requested", operation: "alias", subject: "alias/prod/pin" } as const),
    ...{ rule: "aliases-are-asked", from: "custodians", quorum: 2, change: { hour: 495_000, eventId: "e-1" } },
    ...{ principal: "arn:aws:iam::111122223333:user/alice", user: "alice", deadline },
    reason: "pointed the alias at another key",
  };
  const chain = [first, ...more].reduce<Chain>(
    (made, body, n) => append(made, body, deadline - day + n * 1000),
    emptyChain(changePermitChainName(name)),
  );
  return { case: chain.name, texts: chain.texts, head: chain.head };
}
