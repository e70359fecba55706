import { fromIni } from "@aws-sdk/credential-provider-ini";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { printableText } from "../../lib/domain/printable-text.ts";
import { minuteMs } from "../../lib/domain/time.ts";
import type { Credentials } from "../sealed-environment.ts";
import { askAtTerminal } from "./ask-at-terminal.ts";
import { outcome } from "./outcome.ts";

/** A deployment takes minutes; credentials that end before it does leave half of one behind. */
const neededMs = 15 * minuteMs;

type Environment = Readonly<Record<string, string | undefined>>;

/** Resolved credentials, or why there are none and how to sign in. */
export type SignIn =
  | { readonly ok: true; readonly credentials: Credentials }
  | { readonly ok: false; readonly why: string };

/** Resolves the credentials of the stage file's `profile`, or of the shell for `none`, once. Never throws. */
export async function signIn(profile: string, environment: Environment): Promise<SignIn> {
  const source = sourceOf(profile, environment);
  const resolved = await outcome(resolveCredentials(source.profile));
  if (resolved.ok) return { ok: true, credentials: resolved.value };
  const login = source.profile === undefined ? "aws sso login" : `aws sso login --profile ${source.profile}`;
  const why = `no credentials from ${source.text}: ${resolved.why}`;
  return { ok: false, why: printableText(`${why}: sign in with \`${login}\`, or ${source.action}`, 600) };
}

/** Tells where the credentials come from. AWS_PROFILE names a profile as the stage's file does, and beats the keys of the shell. */
function sourceOf(profile: string, { AWS_PROFILE: shellProfile = "" }: Environment) {
  if (profile !== "none")
    return {
      profile,
      text: `profile \`${profile}\` (named by the stage's file)`,
      action: "correct `profile` in the file",
    };
  if (shellProfile !== "")
    return {
      profile: shellProfile,
      text: `profile \`${shellProfile}\` (named by AWS_PROFILE)`,
      action: "correct AWS_PROFILE",
    };
  const text = "the shell or the SDK's default chain";
  return { profile: undefined, text, action: "set AWS_PROFILE" };
}

/** A named profile is resolved alone: the default chain would go on to a container's or an instance's credentials. */
async function resolveCredentials(profile: string | undefined): Promise<Credentials> {
  const provider =
    profile === undefined
      ? defaultProvider({ mfaCodeProvider: askForCode })
      : fromIni({ profile, mfaCodeProvider: askForCode });
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provider();
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(expiration !== undefined && { expiration }),
  };
}

async function askForCode(device: string): Promise<string> {
  const code = await askAtTerminal(`MFA code for ${device}: `);
  if (code === undefined) throw new Error("no MFA code was entered");
  return code;
}

/** Returns why the credentials do not last for a deployment that begins at `now` (ms), or undefined. */
export function expiresTooSoon({ expiration }: Credentials, now: number): string | undefined {
  if (expiration === undefined || expiration.getTime() - now >= neededMs) return undefined;
  return `the credentials expire at ${expiration.toISOString()}, and a deployment may take ${neededMs / minuteMs} min: sign in again`;
}

/** Returns the variables that would send calls elsewhere than to AWS, without the command line saying so. */
export function redirections(environment: Environment): readonly string[] {
  return Object.keys(environment).filter((name) => /^AWS_ENDPOINT_URL(_|$)/.test(name) && environment[name] !== "");
}
