import { type KeyArn, keyArnParts } from "../domain/key/key-arn.ts";
import { caseNameFrom } from "../domain/ledger/case-name.ts";

type Operation = "restore-key" | "start-key-usage" | "get-key";

/** Returns the command by which an administrator does by hand what the guard cannot or may not do. */
export function awsCommand(keyArn: KeyArn, operation: Operation): string {
  return `aws payment-cryptography ${operation} --region ${keyArnParts(keyArn).region} --key-identifier ${keyArn}`;
}

/** Returns ` By hand: ` and the command, for a sentence about an entry of the chain of a case; nothing for another chain. */
export function byHand({ chain }: { readonly chain: string }, operation: Operation): string {
  const arn = caseNameFrom(chain)?.keyArn;
  return arn === undefined ? "" : ` By hand: ${awsCommand(arn, operation)}`;
}
