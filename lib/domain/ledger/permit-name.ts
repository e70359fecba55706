import { type KeyArn, parseKeyArn } from "../key/key-arn.ts";
import { caseNameText } from "./case-name.ts";

/** Name of a permit that was asked for beforehand: the key, and which of its permits. */
export interface PermitName {
  readonly keyArn: KeyArn;
  /** 1, 2, 3 ... for each key. */
  readonly number: number;
}

/** Tells a permit from the others of its key: given by the approvers of a case, or requested beforehand. */
export type PermitId =
  | { readonly by: "case"; readonly generation: number }
  | { readonly by: "request"; readonly number: number };

/** `<key ARN>#p<number>`, as people write it and the audit trail has it. */
export function permitNameText({ keyArn, number }: PermitName): string {
  return `${keyArn}#p${number}`;
}

/** The name that `text` spells, or undefined for anything else. */
export function permitNameFrom(text: string): PermitName | undefined {
  const [arn, number = "", ...more] = text.split("#p");
  const keyArn = parseKeyArn(arn);
  if (keyArn === undefined || more.length > 0 || !/^[1-9]\d{0,5}$/.test(number)) return undefined;
  return { keyArn, number: Number(number) };
}

/** Names any permit of a key: by the case whose approvers gave it, or by its number. */
export function permitText(keyArn: KeyArn, id: PermitId): string {
  return id.by === "case"
    ? caseNameText({ keyArn, generation: id.generation })
    : permitNameText({ keyArn, number: id.number });
}

/** Returns whether both name the same permit of one key. */
export function isSamePermit(one: PermitId, other: PermitId): boolean {
  if (one.by === "case") return other.by === "case" && one.generation === other.generation;
  return other.by === "request" && one.number === other.number;
}
