import type { Requester } from "../../../lib/domain/people/requester.ts";
import type { Facts } from "../../../lib/domain/policy/decision.ts";
import type { Random } from "./random.ts";
import {
  accounts,
  addresses,
  algorithms,
  aliasOf,
  arnOf,
  environments,
  roleOf,
  serviceOf,
  usages,
} from "./vocabulary.ts";

const day = 86_400_000;
const deletedAt = 1_716_839_394_000;

type LabelsAndRequester = "labelAge" | "tags" | "aliases" | "requester";
export type CompleteFacts = Omit<Facts, LabelsAndRequester> & Required<Pick<Facts, LabelsAndRequester>>;

/** Facts of which none is missing; the requester may be unknown, the inventory empty, tags and aliases unreadable, a time or an address not on record. */
export function randomFacts(random: Random, things: number): CompleteFacts {
  return {
    key: {
      arn: arnOf(random.below(things)),
      usage: random.one(usages),
      keyClass: "SYMMETRIC_KEY",
      algorithm: random.one(algorithms),
      origin: "AWS_PAYMENT_CRYPTOGRAPHY",
      exportable: random.chance(0.5),
      kcv: "A486ED",
    },
    ...(random.chance(0.95) && { deletePendingAt: deletedAt + (3 + random.below(12)) * day }),
    labelAge: random.chance(0.05) ? "not-seen" : "assumed-old",
    tags: random.chance(0.05) ? "unreadable" : tagsOf(random, things),
    aliases: random.chance(0.05) ? "unreadable" : aliasesOf(random, things),
    requester: {
      identity: randomRequester(random, things),
      ...(random.chance(0.95) && { at: deletedAt }),
      ...(random.chance(0.9) && { sourceIp: random.one(addresses) }),
    },
  };
}

function tagsOf(random: Random, things: number): Record<string, string> {
  return {
    ...(random.chance(0.8) && { Environment: random.one(environments) }),
    ...(random.chance(0.8) && { Service: serviceOf(random.below(things)) }),
  };
}

function aliasesOf(random: Random, things: number): readonly string[] {
  return Array.from({ length: random.below(3) }, () => aliasOf(random.below(things)));
}

function randomRequester(random: Random, things: number): Requester {
  const account = random.one(accounts);
  const mfa = random.chance(0.7) && { mfa: random.chance(0.5) };
  const kind = random.below(10);
  if (kind === 0) return { kind: "unknown" };
  if (kind === 1) return { kind: "account", account };
  if (kind === 2) return { kind: "root", account, ...mfa };
  if (kind === 3) return { kind: "user", account, userArn: `arn:aws:iam::${account}:user/mallory`, ...mfa };
  const roleArn = roleOf(random.below(things));
  const roleId = random.chance(0.5) ? "AROAREAPERSEXAMPLE00" : "AROASOMEBODYELSE0000";
  return { kind: "role-session", account, roleArn, ...(random.chance(0.8) && { roleId }), ...mfa };
}
