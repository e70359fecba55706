import { createInterface } from "node:readline/promises";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import type { Credentials } from "../sealed-environment.ts";

/** A deployment takes minutes; credentials that end before it does leave half of one behind. */
const neededMs = 15 * 60_000;

/** Resolves the credentials of a profile, or of the shell for `none`, once. Throws what the AWS SDK answers. */
export async function resolveCredentials(profile: string): Promise<Credentials> {
  const named = profile !== "none" && { profile };
  const resolved = await defaultProvider({ ...named, mfaCodeProvider: askForCode })();
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = resolved;
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(expiration !== undefined && { expiration }),
  };
}

async function askForCode(device: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(`MFA code for ${device}: `);
  } finally {
    terminal.close();
  }
}

/** Returns why the credentials do not last for a deployment that begins at `now` (ms), or undefined. */
export function expiresTooSoon({ expiration }: Credentials, now: number): string | undefined {
  if (expiration === undefined || expiration.getTime() - now >= neededMs) return undefined;
  return `the credentials expire at ${expiration.toISOString()}, and a deployment may take ${neededMs / 60_000} min: sign in again`;
}

/** Returns the variables that would send calls elsewhere than to AWS, without the command line saying so. */
export function redirections(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.keys(environment).filter((name) => /^AWS_ENDPOINT_URL(_|$)/.test(name) && environment[name] !== "");
}
