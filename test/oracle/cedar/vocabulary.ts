import { type KeyArn, parseKeyArn } from "../../../lib/domain/key/key-arn.ts";

/** What random policies name and random facts are made of. */
export const usages = [
  "TR31_C0_CARD_VERIFICATION_KEY",
  "TR31_P0_PIN_ENCRYPTION_KEY",
  "TR31_V2_VISA_PIN_VERIFICATION_KEY",
  "TR31_D0_SYMMETRIC_DATA_ENCRYPTION_KEY",
];
export const algorithms = ["TDES_2KEY", "TDES_3KEY", "AES_128", "AES_256"];
export const environments = ["dev", "test", "prod"];
export const accounts = ["111122223333", "444455556666", "777788889999"];
/** What roles are asked for in general; `AROA...` is a role's unique id. */
export const roles = [
  "arn:aws:iam::*:role/team-*",
  "arn:aws:iam::111122223333:role/team-*",
  roleOf(0),
  "AROAREAPERSEXAMPLE00",
];
export const addresses = ["203.0.113.64", "10.1.2.3", "198.51.100.7", "2001:db8::1", "cloudformation.amazonaws.com"];

export function arnOf(n: number): KeyArn {
  const arn = parseKeyArn(`arn:aws:payment-cryptography:us-east-1:111122223333:key/${String(n).padStart(16, "0")}`);
  if (arn === undefined) throw new RangeError(`key ${n} has no ARN`);
  return arn;
}

export function aliasOf(n: number): string {
  return `alias/team-${n}`;
}

export function serviceOf(n: number): string {
  return `service-${n}`;
}

export function roleOf(n: number): string {
  return `arn:aws:iam::${accounts[n % accounts.length]}:role/team-${n}`;
}
