import { logOrigin } from "../../lib/domain/log/origin.ts";
import { type VerifierKey, verifierKey } from "../../lib/domain/log/verifier-key.ts";
import type { LocalSigningKey } from "../aws/kms/signing-key.ts";
import { account, region } from "./people.ts";

/** The one asymmetric KMS key of the local world. */
export const signingKeyArn = `arn:aws:kms:${region}:${account}:key/5f0f2a4c-0000-4000-8000-00000000c0de`;

/** Returns the key that verifies the log of a world's stack. */
export function logKeyOf({ signingKey }: { readonly signingKey: LocalSigningKey }): VerifierKey {
  const origin = logOrigin({ account, region, stage: "dev" });
  return verifierKey(origin, "ed25519", signingKey.publicKey.subarray(12));
}
