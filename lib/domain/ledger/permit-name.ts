import { type KeyArn, parseKeyArn } from "../key/key-arn.ts";

/** Name of a permit that was asked for beforehand: the key, and which of its permits. */
export interface PermitName {
  readonly keyArn: KeyArn;
  /** 1, 2, 3 ... for each key. */
  readonly no: number;
}

/** `<key ARN>#p<no>`, as people write it and the audit trail has it. */
export function permitNameText({ keyArn, no }: PermitName): string {
  return `${keyArn}#p${no}`;
}

/** The name that `text` spells, or undefined for anything else. */
export function permitNameFrom(text: string): PermitName | undefined {
  const [arn, no = "", ...more] = text.split("#p");
  const keyArn = parseKeyArn(arn);
  if (keyArn === undefined || more.length > 0 || !/^[1-9]\d{0,5}$/.test(no)) return undefined;
  return { keyArn, no: Number(no) };
}
