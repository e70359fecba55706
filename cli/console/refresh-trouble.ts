import { printableText } from "../../lib/domain/printable-text.ts";
import { placeFailure } from "../places/place-failure.ts";
import { networkAdvice } from "../shell/network-advice.ts";
import { casesTableOf } from "../stack/aws-place.ts";
import type { Trouble } from "./parts.ts";

/** The stack that could not be read. */
interface Subject {
  readonly stage: string;
  readonly region: string;
  readonly profile?: string;
  readonly isLocal: boolean;
}

/** Returns what kept a stack from being read, and what to do. */
export function refreshTrouble(error: unknown, stack: Subject): Pick<Trouble, "code" | "message"> {
  const { stage, region, profile, isLocal } = stack;
  const table = `the table ${casesTableOf(stack)} in ${region}`;
  const place = { name: stage, account: "", ...{ region, stage }, ...(profile !== undefined && { profile }) };
  const { code, message } = placeFailure(error, place);
  const isUnreachable = /ECONNREFUSED|ECONNRESET|Timeout/.test(`${code} ${message}`);
  if (isLocal && isUnreachable)
    return { code, message: "the local world does not answer: is npm start still running?" };
  if (code === "ResourceNotFoundException")
    return {
      code,
      message: `${table} does not exist: check --stage and --region; if it did exist, see docs/runbook.md`,
    };
  if (/AccessDenied|UnauthorizedOperation/.test(code))
    return {
      code,
      message: `${table} cannot be read: take a role with dynamodb:Scan on it, and kms:Decrypt on the stack's key (${message})`,
    };
  if (/InvalidSignature|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch/.test(code))
    return {
      code,
      message: `AWS does not accept the credentials: sign in again (\`aws sso login\`), or check this machine's clock`,
    };
  const advice = networkAdvice(code);
  const text = advice === undefined || message.includes(advice) ? message : `${message}; ${advice}`;
  return { code, message: printableText(text, 400) };
}
