import type { Operations } from "../../../lib/aws/payment-cryptography/api.ts";
import { validationError } from "./api-error.ts";

export type KeyAttributes = Operations["CreateKey"]["input"]["KeyAttributes"];
export type Mode = keyof KeyAttributes["KeyModesOfUse"];

export const modes: readonly Mode[] = [
  ...(["Encrypt", "Decrypt", "Wrap", "Unwrap", "Generate", "Sign", "Verify", "DeriveKey", "NoRestrictions"] as const),
];

interface UsageRule {
  readonly algorithms: RegExp;
  /** Combinations of modes that a key of the usage may have; the first is what a seeded key gets. */
  readonly combinations: readonly string[];
}

const derive: readonly string[] = ["DeriveKey", "NoRestrictions"];
const check: readonly string[] = ["Generate,Verify", "Generate", "Verify", "NoRestrictions"];
const cipher: readonly string[] = ["Encrypt,Decrypt,Wrap,Unwrap", "Encrypt,Wrap", "Decrypt,Unwrap", "NoRestrictions"];

const block = /^(TDES|AES)_/;
const rsa = /^RSA_/;

const rule = (algorithms: RegExp, combinations: readonly string[]): UsageRule => ({ algorithms, combinations });

/**
 * Which modes and algorithms fit which usage. Documented (user guide, "Understanding key attributes"): B0, C0, D0, E0, E1, E2, E4.
 * The rest is inferred from the same page's form and TR-31's modes: E5 and E6 as E0, K0, K1 and P0 as D0, M, P1 and V as C0, and
 * the asymmetric usages. The guide stars some algorithms without a consequence that we know: they are accepted.
 */
const rules: Readonly<Record<KeyAttributes["KeyUsage"], UsageRule>> = {
  TR31_B0_BASE_DERIVATION_KEY: rule(block, derive),
  TR31_C0_CARD_VERIFICATION_KEY: rule(block, check),
  TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY: rule(block, cipher),
  TR31_D1_ASYMMETRIC_KEY_FOR_DATA_ENCRYPTION: rule(rsa, cipher),
  TR31_E0_EMV_MKEY_APP_CRYPTOGRAMS: rule(block, derive),
  TR31_E1_EMV_MKEY_CONFIDENTIALITY: rule(block, derive),
  TR31_E2_EMV_MKEY_INTEGRITY: rule(block, derive),
  TR31_E4_EMV_MKEY_DYNAMIC_NUMBERS: rule(block, derive),
  TR31_E5_EMV_MKEY_CARD_PERSONALIZATION: rule(block, derive),
  TR31_E6_EMV_MKEY_OTHER: rule(block, derive),
  TR31_K0_KEY_ENCRYPTION_KEY: rule(block, cipher),
  TR31_K1_KEY_BLOCK_PROTECTION_KEY: rule(block, cipher),
  TR31_K2_TR34_ASYMMETRIC_KEY: rule(rsa, [...cipher, "Sign", "Verify"]),
  TR31_K3_ASYMMETRIC_KEY_FOR_KEY_AGREEMENT: rule(/^ECC_/, derive),
  TR31_M0_ISO_16609_MAC_KEY: rule(block, check),
  TR31_M1_ISO_9797_1_MAC_KEY: rule(block, check),
  TR31_M3_ISO_9797_3_MAC_KEY: rule(block, check),
  TR31_M6_ISO_9797_5_CMAC_KEY: rule(block, check),
  TR31_M7_HMAC_KEY: rule(/^HMAC_/, check),
  TR31_P0_PIN_ENCRYPTION_KEY: rule(block, cipher),
  TR31_P1_PIN_GENERATION_KEY: rule(block, check),
  TR31_S0_ASYMMETRIC_KEY_FOR_DIGITAL_SIGNATURE: rule(/^(RSA|ECC)_/, [
    "Sign",
    "Verify",
    "Sign,Verify",
    "NoRestrictions",
  ]),
  TR31_V1_IBM3624_PIN_VERIFICATION_KEY: rule(block, check),
  TR31_V2_VISA_PIN_VERIFICATION_KEY: rule(block, check),
};

/** Returns `attributes` with all nine modes. Throws a ValidationException for a key that cannot be. */
export function completeAttributes(attributes: KeyAttributes): KeyAttributes {
  const { KeyUsage, KeyAlgorithm, KeyClass, KeyModesOfUse } = attributes;
  const { algorithms, combinations } = rules[KeyUsage];
  if (!algorithms.test(KeyAlgorithm))
    throw validationError(`KeyAlgorithm ${KeyAlgorithm} is not valid for KeyUsage ${KeyUsage}.`);
  if ((KeyClass === "SYMMETRIC_KEY") !== isSymmetric(KeyAlgorithm))
    throw validationError(`KeyClass ${KeyClass} is not valid for KeyAlgorithm ${KeyAlgorithm}.`);
  const set = modes.filter((mode) => KeyModesOfUse[mode] === true);
  if (!combinations.includes(set.join(",")))
    throw validationError(`KeyModesOfUse [${set.join(", ")}] is not valid for KeyUsage ${KeyUsage}.`);
  return { ...attributes, KeyModesOfUse: allModes(set) };
}

/** Returns the modes that a key of the usage has where nobody chose. */
export function usualModes(usage: KeyAttributes["KeyUsage"]): KeyAttributes["KeyModesOfUse"] {
  return allModes((rules[usage].combinations[0] ?? "").split(",") as Mode[]);
}

export function isSymmetric(algorithm: string): boolean {
  return /^(TDES|AES|HMAC)_/.test(algorithm);
}

/** The algorithm of the check value where nobody chose: the model names ANSI X9.24 for TDES and CMAC for AES; the rest is inferred. */
export function checkValueAlgorithm(algorithm: string): "ANSI_X9_24" | "CMAC" | "HMAC" | "SHA_1" {
  if (algorithm.startsWith("TDES_")) return "ANSI_X9_24";
  if (algorithm.startsWith("AES_")) return "CMAC";
  return algorithm.startsWith("HMAC_") ? "HMAC" : "SHA_1";
}

function allModes(set: readonly Mode[]): KeyAttributes["KeyModesOfUse"] {
  return Object.fromEntries(modes.map((mode) => [mode, set.includes(mode)]));
}
