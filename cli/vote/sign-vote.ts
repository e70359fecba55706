import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { identityCall, identityCallType, voteHeader } from "../../lib/aws/sts/caller-proof.ts";
import { type CastVote, type ProvenVote, voteDigest } from "../../lib/aws/sts/proven-vote.ts";
import type { Credentials } from "../shell/credentials.ts";

export interface Signing {
  readonly region: string;
  readonly credentials: Credentials;
  /** ms since the epoch. */
  readonly now: number;
  /** Whom the signature is for, if not the region's own STS: a local one. */
  readonly stsUrl?: string;
}

/** `vote` with the proof of who cast it. Secrets stay here: the proof is good for one question to STS, and for this vote alone. */
export async function signVote(
  vote: CastVote,
  { region, credentials, now, stsUrl = `https://sts.${region}.amazonaws.com/` }: Signing,
): Promise<ProvenVote> {
  const { protocol, hostname, host } = new URL(stsUrl);
  const signer = new SignatureV4({ service: "sts", region, credentials, sha256: Sha256, applyChecksum: false });
  const request = {
    method: "POST",
    protocol,
    hostname,
    path: "/",
    query: {},
    headers: { host, "content-type": identityCallType, [voteHeader]: voteDigest(vote) },
    body: identityCall,
  };
  const { headers } = await signer.sign(request, { signingDate: new Date(now) });
  return {
    vote,
    authorization: headers["authorization"] ?? "",
    amzDate: headers["x-amz-date"] ?? "",
    // An empty one counts for none, as when it is signed.
    ...(credentials.sessionToken && { securityToken: credentials.sessionToken }),
  };
}
