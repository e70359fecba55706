import { randomBytes } from "node:crypto";
import { keyVocabulary } from "../../../lib/domain/key/vocabulary.ts";
import { validationError } from "./api-error.ts";
import { type KeyAttributes, type Mode, modes } from "./key-attributes.ts";
import type { KeyRecord } from "./key-records.ts";

/** What a key block says about its key. */
export interface BlockContent {
  readonly KeyAttributes: KeyAttributes;
  readonly Exportable: boolean;
  readonly KeyCheckValue: string;
}

/** TR-31's letters for combinations of modes. */
const modeLetters: Readonly<Record<string, readonly Mode[]>> = {
  B: ["Encrypt", "Decrypt", "Wrap", "Unwrap"],
  C: ["Generate", "Verify"],
  D: ["Decrypt", "Unwrap"],
  E: ["Encrypt", "Wrap"],
  G: ["Generate"],
  N: ["NoRestrictions"],
  S: ["Sign"],
  T: ["Sign", "Verify"],
  V: ["Verify"],
  X: ["DeriveKey"],
};

const algorithms: readonly KeyAttributes["KeyAlgorithm"][] = [
  ...(["TDES_2KEY", "TDES_3KEY", "AES_128", "AES_192", "AES_256"] as const),
  ...(["HMAC_SHA224", "HMAC_SHA256", "HMAC_SHA384", "HMAC_SHA512"] as const),
];

const form =
  /^[A-D]\d{4}(?<usage>[A-Z]\d)(?<algorithm>[THA])(?<mode>[A-Z])00(?<exportable>[ENS])0000(?<size>\d)(?<kcv>[0-9A-F]{6})[0-9A-F]*$/;

/**
 * Returns a block for `key` in the form of TR-31: a true header, and in the place of encrypted key material the algorithm's number,
 * the check value and chance. There is no key material in this world.
 */
export function keyBlock({ KeyAttributes, Exportable, KeyCheckValue }: KeyRecord): string {
  const { KeyUsage, KeyAlgorithm, KeyModesOfUse } = KeyAttributes;
  const set = modes.filter((mode) => KeyModesOfUse[mode] === true);
  const mode = Object.keys(modeLetters).find((letter) => String(modeLetters[letter]) === String(set)) ?? "N";
  const content = `${algorithms.indexOf(KeyAlgorithm)}${KeyCheckValue}${randomBytes(24).toString("hex").toUpperCase()}`;
  const header = `${KeyUsage.slice(5, 7)}${KeyAlgorithm.slice(0, 1)}${mode}00${Exportable ? "E" : "N"}0000`;
  const length = 5 + header.length + content.length;
  return `D${String(length).padStart(4, "0")}${header}${content}`;
}

/** Returns what a block made by `keyBlock` holds. Throws a ValidationException for any other. */
export function blockContent(block: string): BlockContent {
  const { usage, mode = "", exportable, size, kcv = "" } = form.exec(block)?.groups ?? {};
  const KeyAlgorithm = algorithms[Number(size)];
  const KeyUsage = usages.find((each) => each.slice(5, 7) === usage);
  const set = modeLetters[mode];
  if (KeyAlgorithm === undefined || KeyUsage === undefined || set === undefined)
    throw validationError("The wrapped key is not a key block that this control plane exported.");
  const KeyModesOfUse = Object.fromEntries(modes.map((each) => [each, set.includes(each)]));
  return {
    KeyAttributes: { KeyUsage, KeyClass: "SYMMETRIC_KEY", KeyAlgorithm, KeyModesOfUse },
    Exportable: exportable !== "N",
    KeyCheckValue: kcv,
  };
}

/** A key block holds a symmetric key. */
const usages = keyVocabulary.usage.filter((usage) => !usage.includes("ASYMMETRIC_KEY"));
