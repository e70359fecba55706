import { randomBytes } from "node:crypto";
import { dayMs } from "../../../lib/domain/time.ts";
import { checkValueAlgorithm, isSymmetric, type KeyAttributes, usualModes } from "./key-attributes.ts";
import type { KeyRecord } from "./key-records.ts";

/** A key that is to have been there before. */
export interface KeySpec {
  /** 16 to 64 letters and digits; random when absent. */
  readonly keyId?: string;
  readonly usage?: KeyAttributes["KeyUsage"];
  readonly algorithm?: KeyAttributes["KeyAlgorithm"];
  readonly alias?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** ms since the epoch of a deliberate StopKeyUsage. */
  readonly stoppedAt?: number;
  readonly createdAt?: number;
  readonly multiRegion?: { readonly type: "PRIMARY" | "REPLICA"; readonly primaryRegion: string };
  /** Text of its resource policy. */
  readonly policy?: string;
  /** Whether its deletion also disables it, whatever the settings say. */
  readonly deletionDisables?: boolean;
}

/** Returns the record of a key that was made 30 days before `now` (ms) unless told otherwise. */
export function seededKey(arn: string, spec: KeySpec, now: number): KeyRecord {
  const { createdAt = now - 30 * dayMs, stoppedAt, multiRegion } = spec;
  const attributes = attributesOf(spec);
  return {
    KeyArn: arn,
    KeyAttributes: attributes,
    KeyCheckValue: randomKcv(),
    KeyCheckValueAlgorithm: checkValueAlgorithm(attributes.KeyAlgorithm),
    Exportable: true,
    KeyOrigin: "AWS_PAYMENT_CRYPTOGRAPHY",
    CreateTimestamp: createdAt / 1000,
    Enabled: stoppedAt === undefined,
    KeyState: "CREATE_COMPLETE",
    UsageStartTimestamp: createdAt / 1000,
    ...(stoppedAt !== undefined && { UsageStopTimestamp: stoppedAt / 1000 }),
    ...(multiRegion?.type === "PRIMARY" && { MultiRegionKeyType: "PRIMARY" }),
    ...(multiRegion?.type === "REPLICA" && { MultiRegionKeyType: "REPLICA", PrimaryRegion: multiRegion.primaryRegion }),
  };
}

export function randomKcv(): string {
  return randomBytes(3).toString("hex").toUpperCase();
}

function attributesOf({ usage = "TR31_C0_CARD_VERIFICATION_KEY", algorithm = "TDES_2KEY" }: KeySpec): KeyAttributes {
  return {
    KeyUsage: usage,
    KeyClass: isSymmetric(algorithm) ? "SYMMETRIC_KEY" : "ASYMMETRIC_KEY_PAIR",
    KeyAlgorithm: algorithm,
    KeyModesOfUse: usualModes(usage),
  };
}
