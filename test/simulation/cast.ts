import {
  alice,
  bob,
  type callerOf,
  carol,
  custodianRole,
  custodianRoleId,
  here,
  type KeySpec,
  mallory,
  type Person,
  reaper,
} from "./local.ts";
import type { KeyKind, PersonName } from "./plan.ts";

const people: Readonly<Record<PersonName, Person>> = { alice, bob, carol, mallory, reaper };

const roleArn = (name: string) => `arn:aws:iam::${here.account}:role/reprieve-dev-${name}-${here.region}`;
/** Roles of the stack that a lock-out names, as the template names them. */
export const [guardRoleArn, sweepRoleArn] = [roleArn("guard"), roleArn("sweep")];

export function personOf(name: PersonName): Person {
  return people[name];
}

/** As long as CloudTrail lets a user agent be, and with whatever characters a header may carry. */
const hostileAgent = `<!channel> *&amp;* ${"\u00e9".repeat(1_000)}`;

export function callerFor(name: PersonName, hostile: boolean): ReturnType<typeof callerOf> {
  const { accessKeyId, userIdentity, sourceIp } = people[name];
  return { accessKeyId, userIdentity, sourceIp, userAgent: hostile ? hostileAgent : "simulation" };
}

/** Returns key number `n`, in a form by which the policy tells kinds apart. */
export function specOf(kind: KeyKind, n: number, hostile: boolean): KeySpec {
  const keyId = `sim${kind}${String(n).padStart(4, "0")}`.padEnd(hostile ? 64 : 20, "x");
  const tags = hostile ? hostileTags : {};
  switch (kind) {
    case "card":
      return { keyId, alias: aliasOf("prod/cvk", n, hostile), tags: { ...tags, Environment: "prod" } };
    case "pin":
      return { keyId, alias: aliasOf("prod/pin", n, hostile), usage: "TR31_P0_PIN_ENCRYPTION_KEY", tags };
    case "derivation":
      return { keyId, alias: aliasOf("prod/bdk", n, hostile), usage: "TR31_B0_BASE_DERIVATION_KEY", tags };
    case "test":
      return { keyId, alias: aliasOf("test/terminal", n, hostile), tags: { ...tags, Environment: "test" } };
  }
}

/** Returns the ARN of the role or user of a person, and its role id, as a permit names them. */
export function principalOf(name: PersonName): { readonly principal: string; readonly roleId?: string } {
  if (name === "mallory") return { principal: `arn:aws:iam::${here.account}:user/mallory` };
  if (name === "reaper")
    return { principal: `arn:aws:iam::${here.account}:role/ci/key-reaper`, roleId: "AROAREAPEREXAMPLE000" };
  return { principal: custodianRole, roleId: custodianRoleId };
}

/** Returns the alias that key number `n` has at first. */
export function firstAliasOf(kind: KeyKind, n: number, hostile: boolean): string {
  return specOf(kind, n, hostile).alias ?? "";
}

/** Returns a key of this kind without an alias. */
export function unnamed(kind: KeyKind, n: number): KeySpec {
  const { alias: _named, ...spec } = specOf(kind, n, false);
  return spec;
}

function aliasOf(name: string, n: number, hostile: boolean): string {
  return `alias/${name}-${n}`.padEnd(hostile ? 256 : 0, "-");
}

/** 199 of the 200 tags that a key may have, each as long as it may be, in characters of three bytes. */
const hostileTags: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 199 }, (_, n) => [`${n}`.padEnd(128, "\u30ad"), "\u9375".repeat(256)]),
);
