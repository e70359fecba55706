import { readFileSync } from "node:fs";

/** The published vectors (docs/evidence/vectors.json): made with node:crypto from the definitions of RFC 6962 and C2SP. */
export const vectors = JSON.parse(
  readFileSync(new URL("../../../docs/evidence/vectors.json", import.meta.url), "utf8"),
) as Vectors;

interface Vectors {
  readonly origin: string;
  readonly entries: readonly string[];
  readonly leaf_hex: readonly string[];
  readonly root_hex: string;
  readonly checkpoint_body: string;
  readonly signed_checkpoint: string;
  readonly checkpoint_both: string;
  readonly ed25519: KeyVector;
  readonly ecdsa_p256: KeyVector;
  readonly cosignature_v1: KeyVector & { readonly time: number; readonly message: string };
  readonly ml_dsa_44: KeyVector;
  readonly tlog_proof_with_entry: string;
  readonly add_checkpoint_request: string;
  readonly small_trees: readonly SmallTree[];
}

interface KeyVector {
  readonly vkey: string;
  readonly keyId: string;
  readonly line: string;
  readonly seed_hex: string;
}

interface SmallTree {
  readonly size: number;
  readonly root_hex: string;
  readonly inclusion: readonly (readonly string[])[];
  readonly consistency: readonly (readonly string[])[];
}

export function fromHex(texts: readonly string[]): readonly Buffer[] {
  return texts.map((text) => Buffer.from(text, "hex"));
}
