import { type KeyArn, parseKeyArn } from "../key/key-arn.ts";

/** Name of one case: the key, and which of its deletions. */
export interface CaseName {
  readonly keyArn: KeyArn;
  readonly generation: number;
}

/** `<key ARN>#<generation>`, as people write it, buttons carry it, and logs show it. */
export function caseNameText({ keyArn, generation }: CaseName): string {
  return `${keyArn}#${generation}`;
}

/** The name that `text` spells, or undefined for anything else. */
export function caseNameFrom(text: string): CaseName | undefined {
  const [arn, generation, ...more] = text.split("#");
  const keyArn = parseKeyArn(arn);
  if (keyArn === undefined || more.length > 0 || !/^[1-9]\d{0,8}$/.test(generation ?? "")) return undefined;
  return { keyArn, generation: Number(generation) };
}
