import type { Facts } from "../../lib/domain/policy/decision.ts";
import { day, keyArn, reaper, t0 } from "./key-world.ts";

/** Facts of a test key that the reaper deleted at `t0` with a week's notice; everything known, and its labels old. */
export function factsOf(overrides: Partial<Omit<Facts, "key">> & { key?: Partial<Facts["key"]> } = {}): Facts {
  const { key, ...rest } = overrides;
  return {
    key: {
      arn: keyArn(),
      usage: "TR31_C0_CARD_VERIFICATION_KEY",
      keyClass: "SYMMETRIC_KEY",
      algorithm: "TDES_2KEY",
      origin: "AWS_PAYMENT_CRYPTOGRAPHY",
      exportable: true,
      kcv: "A486ED",
      ...key,
    },
    deletePendingAt: t0 + 7 * day,
    tags: { Environment: "test" },
    aliases: ["alias/test/a"],
    labelAge: "assumed-old",
    requester: { identity: reaper, at: t0, sourceIp: "203.0.113.64" },
    ...rest,
  };
}
