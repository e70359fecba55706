/** Where the log lies in the audit bucket, and the heads of all chains that it keeps once a day. */
export const logPrefix = "log/";
export const headsPrefix = "heads/";

/** An object, the checkpoint after it, or that checkpoint with the signatures of witnesses. */
export type LogNameKind = "jsonl" | "checkpoint" | "cosigned";

const numbered = /^log\/(\d{10})\.(jsonl|checkpoint|cosigned)$/;
const ofHeads = /^heads\/(\d{10})\.jsonl$/;

/** Returns the name of the object `number`, such as `log/0000000042.jsonl`. */
export function objectName(number: number): string {
  return `${logPrefix}${digits(number)}.jsonl`;
}

/** Returns the name of the checkpoint after the object `number`. */
export function checkpointName(number: number): string {
  return `${logPrefix}${digits(number)}.checkpoint`;
}

/** Returns the name of the checkpoint after the object `number` with the signatures of witnesses. */
export function cosignedName(number: number): string {
  return `${logPrefix}${digits(number)}.cosigned`;
}

/** Returns the name of the heads of all chains after the object `number`. */
export function headsName(number: number): string {
  return `${headsPrefix}${digits(number)}.jsonl`;
}

/** Returns the name before those of the object `number`, in their order. */
export function nameBefore(number: number): string {
  return `${logPrefix}${digits(number)}`;
}

/** Returns what the name of an object of the log stands for, or undefined for any other name. */
export function logNameIn(name: string): { readonly number: number; readonly kind: LogNameKind } | undefined {
  const [, number, kind] = numbered.exec(name) ?? [];
  return number === undefined ? undefined : { number: Number(number), kind: kind as LogNameKind };
}

/** Returns the number in the name of kept heads, or undefined for any other name. */
export function headsNumberIn(name: string): number | undefined {
  const number = ofHeads.exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
}

function digits(number: number): string {
  return String(number).padStart(10, "0");
}
