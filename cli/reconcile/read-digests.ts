import { jsonOr } from "../../lib/aws/json.ts";
import { quoted } from "../../lib/domain/printable-text.ts";
import type { ReconciledPlace } from "../../lib/domain/reconcile/call.ts";
import { DigestChains } from "../../lib/domain/reconcile/digest-chains.ts";
import { type PublicKey, readPublicKeys } from "../../lib/domain/reconcile/public-keys.ts";
import { InputError, UsageError } from "../shell/input-error.ts";
import { readPlainFile } from "../trail/bounded-file.ts";
import { readDigestLines } from "./digest-lines.ts";
import { isRsaKey, signatureVerifier } from "./signature.ts";
import type { UnreadCounts } from "./unread.ts";

/** What vouches for CloudTrail's log files. */
export interface DigestSources {
  /** A file of JSON Lines. */
  readonly digests: string;
  /** The output of `aws cloudtrail list-public-keys`. */
  readonly publicKeys: string;
  /** The name of the trail, where the digests are of more than one. */
  readonly trail?: string;
}

const mostKeyBytes = 16_000_000;
/** Digests that prove nothing, and take nothing: they are of something else. */
const ofOthers: ReadonlySet<string> = new Set(["a digest of another account or Region", "a digest of another trail"]);

/** Reads digests, each by its signature. Throws an InputError where none is of this account and Region, and for more than one trail. */
export async function readDigests(
  { digests, publicKeys: keysFile, trail }: DigestSources,
  place: ReconciledPlace,
  unread: UnreadCounts,
): Promise<DigestChains> {
  const publicKeys = await publicKeysIn(keysFile);
  const chains = new DigestChains({ place, publicKeys, verify: signatureVerifier(), ...(trail && { trail }) });
  await readDigestLines(
    digests,
    (digest) => chains.take(digest),
    (why) => unread.add(why),
  );
  for (const [fault, count] of chains.faults) unread.add(fault, count, ofOthers.has(fault));
  unread.add("another copy of a digest", chains.copies, true);
  if (chains.trails.length > 1)
    throw new UsageError(`the digests are of ${chains.trails.length} trails: name one by --trail`);
  if (chains.valid === 0 && chains.faults.has("a digest of another account or Region"))
    throw new InputError(`the digests are not of ${place.account} ${place.region}, which the export is of`);
  return chains;
}

async function publicKeysIn(path: string): Promise<readonly PublicKey[]> {
  const bytes = await readPlainFile("", path, mostKeyBytes);
  const keys = bytes && readPublicKeys(jsonOr(bytes.toString("utf8")));
  if (keys === undefined) throw new InputError(`\`${path}\` is not the output of aws cloudtrail list-public-keys`);
  const broken = keys.find((key) => !isRsaKey(key));
  if (broken !== undefined)
    throw new InputError(`\`${path}\`: the key ${quoted(broken.fingerprint)} is not an RSA public key (PKCS #1, DER)`);
  return keys;
}
