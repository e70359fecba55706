import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { type KeyArn, parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import type { KeyObservation, PaymentKey } from "../../lib/domain/key/payment-key.ts";
import type { Requester } from "../../lib/domain/people/requester.ts";
import type { PaymentKeys } from "../../lib/workflows/ports/guard.ts";

/** 2024-05-27T19:49:54Z, as in the sample events. */
export const t0 = 1_716_839_394_000;
export const day = 86_400_000;

export function keyArn(id = "kwapwa6qaifllw2h"): KeyArn {
  const arn = parseKeyArn(`arn:aws:payment-cryptography:us-east-1:111122223333:key/${id}`);
  if (arn === undefined) throw new Error(`\`${id}\` is no key id`);
  return arn;
}

export function paymentKey(overrides: Partial<PaymentKey> = {}): PaymentKey {
  return {
    arn: keyArn(),
    usage: "TR31_C0_CARD_VERIFICATION_KEY",
    keyClass: "SYMMETRIC_KEY",
    algorithm: "TDES_2KEY",
    origin: "AWS_PAYMENT_CRYPTOGRAPHY",
    exportable: true,
    kcv: "A486ED",
    enabled: true,
    usageStartedAt: t0 - 30 * day,
    ...overrides,
  };
}

export const alice: Requester = {
  kind: "role-session",
  account: "111122223333",
  roleArn:
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/us-east-1/AWSReservedSSO_PaymentsAdmin_0123456789abcdef",
  roleId: "AROAIDPPEZS35WEXAMPLE",
  sessionName: "alice@example.com",
  permissionSet: "PaymentsAdmin",
  mfa: false,
};

export const reaper: Requester = {
  kind: "role-session",
  account: "111122223333",
  roleArn: "arn:aws:iam::111122223333:role/ci/key-reaper",
  roleId: "AROAREAPERSEXAMPLE00",
  sessionName: "nightly",
};

export function deletionRequest(overrides: Partial<DeletionRequest> = {}): DeletionRequest {
  return {
    eventId: "b87c3d30-f3ab-4131-87e8-bc54cfef9d29",
    requestId: "f3020b3c-4e86-47f5-808f-14c7a4a99161",
    at: t0,
    target: { kind: "arn", arn: keyArn() },
    requester: alice,
    sourceIp: "203.0.113.64",
    userAgent: "aws-cli/2.17.6",
    requestedDays: 3,
    enabledInResponse: true,
    corrected: false,
    ...overrides,
  };
}

/** One payment key that can be deleted, restored and started, with every call written down. */
export interface KeyWorld extends PaymentKeys {
  state: "CREATE_COMPLETE" | "DELETE_PENDING" | "DELETE_COMPLETE" | "GONE" | (string & {});
  key: PaymentKey;
  deletePendingAt: number;
  tagsOfKey: Record<string, string>;
  aliasesOfKey: string[];
  readonly calls: string[];
}

/** `key`, pending deletion until `t0` + 3 days unless told otherwise. */
export function createKeyWorld(overrides: Partial<Omit<KeyWorld, keyof PaymentKeys | "calls">> = {}): KeyWorld {
  const calls: string[] = [];
  const world: KeyWorld = {
    state: "DELETE_PENDING",
    key: paymentKey(),
    deletePendingAt: t0 + 3 * day,
    tagsOfKey: {},
    aliasesOfKey: [],
    ...overrides,
    calls,
    observe: async () => {
      calls.push("GetKey");
      return observationOf(world);
    },
    restore: async () => {
      calls.push("RestoreKey");
      if (world.state !== "DELETE_PENDING") return { kind: "refused", code: "ValidationException" };
      world.state = "CREATE_COMPLETE";
      return { kind: "done", observation: observationOf(world) };
    },
    startUsage: async () => {
      calls.push("StartKeyUsage");
      if (world.state !== "CREATE_COMPLETE") return { kind: "refused", code: "ConflictException" };
      world.key = { ...world.key, enabled: true };
      return { kind: "done", observation: observationOf(world) };
    },
    tags: async () => {
      calls.push("ListTagsForResource");
      return world.tagsOfKey;
    },
    aliases: async () => {
      calls.push("ListAliases");
      return world.aliasesOfKey;
    },
  };
  return world;
}

function observationOf({ state, key, deletePendingAt }: KeyWorld): KeyObservation {
  switch (state) {
    case "CREATE_COMPLETE":
      return { kind: "live", key };
    case "DELETE_PENDING":
      return { kind: "pending", key, deletePendingAt };
    case "DELETE_COMPLETE":
      return { kind: "destroyed", key };
    case "GONE":
      return { kind: "absent" };
    default:
      return { kind: "unrecognised", arn: key.arn, state };
  }
}
