import { randomBytes } from "node:crypto";
import { dayMs } from "../../../lib/domain/time.ts";
import type { KeyRecord } from "./key-records.ts";

/** A key that is to have been there before. */
export interface KeySpec {
  /** 16 to 64 letters and digits; random when absent. */
  readonly keyId?: string;
  readonly usage?: string;
  readonly algorithm?: string;
  readonly alias?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** ms since the epoch of a deliberate StopKeyUsage. */
  readonly stoppedAt?: number;
  readonly createdAt?: number;
  readonly multiRegion?: { readonly type: "PRIMARY" | "REPLICA"; readonly primaryRegion: string };
}

/** The record of a key that was made 30 days before `now` (ms) unless told otherwise. */
export function seededKey(arn: string, spec: KeySpec, now: number): KeyRecord {
  const { createdAt = now - 30 * dayMs, stoppedAt } = spec;
  return {
    KeyArn: arn,
    KeyAttributes: attributesOf(spec),
    KeyCheckValue: randomKcv(),
    KeyCheckValueAlgorithm: "ANSI_X9_24",
    Exportable: true,
    KeyOrigin: "AWS_PAYMENT_CRYPTOGRAPHY",
    CreateTimestamp: createdAt / 1000,
    Enabled: stoppedAt === undefined,
    KeyState: "CREATE_COMPLETE",
    UsageStartTimestamp: createdAt / 1000,
    ...(stoppedAt !== undefined && { UsageStopTimestamp: stoppedAt / 1000 }),
    ...(spec.multiRegion && {
      MultiRegionKeyType: spec.multiRegion.type,
      PrimaryRegion: spec.multiRegion.primaryRegion,
    }),
  };
}

export function randomKcv(): string {
  return randomBytes(3).toString("hex").toUpperCase();
}

function attributesOf({ usage = "TR31_C0_CARD_VERIFICATION_KEY", algorithm = "TDES_2KEY" }: KeySpec) {
  const modes = ["Encrypt", "Decrypt", "Wrap", "Unwrap", "Generate", "Sign", "Verify", "DeriveKey", "NoRestrictions"];
  const allowed = new Set(["Generate", "Verify"]);
  return {
    KeyUsage: usage,
    KeyClass: "SYMMETRIC_KEY",
    KeyAlgorithm: algorithm,
    KeyModesOfUse: Object.fromEntries(modes.map((mode) => [mode, allowed.has(mode)])),
  };
}
