import { printableText } from "../../lib/domain/printable-text.ts";
import { PlaceError } from "../shell/input-error.ts";
import type { Place } from "./place.ts";

/** Why a place has no result: AWS's name of the error or one of ours, and what to do. */
export interface PlaceFailure {
  readonly code: string;
  readonly message: string;
}

/** Returns the failure that `error` is for `place`, as printable text. */
export function placeFailure(error: unknown, place: Place): PlaceFailure {
  const cause = rootOf(error);
  const code = printableText(codeOf(cause), 80);
  const text = error instanceof Error ? error.message : String(error);
  // Named once: AWS's error is part of our sentence.
  const message = printableText(text.replace(`${code}: `, ""), 300);
  const advice = adviceFor(code, `${text} ${cause instanceof Error ? cause.message : ""}`, place);
  return { code, message: advice === undefined ? message : `${message}; ${advice}` };
}

/** Returns the error behind the sentences that were put around it. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "Error";
  const { code } = error as { readonly code?: unknown };
  const isSystem = typeof code === "string" && /^[A-Z][A-Z_]+$/.test(code);
  return error instanceof PlaceError || isSystem ? String(code) : error.name;
}

function adviceFor(code: string, text: string, { profile }: Place): string | undefined {
  const login =
    profile === undefined ? "`aws sso login`, or set AWS_PROFILE" : `\`aws sso login --profile ${profile}\``;
  if (/multi-factor/.test(text))
    return "get a session for it first, and name its profile: nobody can be asked for a code here";
  if (code === "CredentialsProviderError" || /expired/i.test(`${code} ${text}`)) return `sign in with ${login}`;
  if (code === "Timeout") return "check the network and the Region, or allow more with --timeout";
  if (/throttling|throttled|TooManyRequests|RequestLimit|SlowDown|ThroughputExceeded/i.test(code))
    return "AWS throttles: try again later, or with a lower --parallel";
  return undefined;
}
