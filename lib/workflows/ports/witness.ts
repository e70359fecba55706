import type { TreeHead } from "../../domain/log/consistency.ts";
import type { VerifierKey } from "../../domain/log/verifier-key.ts";

/** What a witness keeps of one log: the last checkpoint that it cosigned. */
export interface CosignedLog extends TreeHead {
  /** The checkpoint with the log's signatures and the witness's. */
  readonly noteText: string;
}

/** The memory of a witness. Throws STORE_UNAVAILABLE. */
export interface WitnessBook {
  /** The last checkpoint that was cosigned of a log. Consistent: what was kept is read. */
  last(origin: string): Promise<CosignedLog | undefined>;
  /** Keeps `next` if the last one still has `before` leaves (0 before the first), in one step. */
  keep(origin: string, before: number, next: CosignedLog): Promise<"kept" | "conflict">;
}

/** Signs a text with the witness's Ed25519 key, 64 bytes. Throws ARCHIVE_UNAVAILABLE. */
export type SignCosignature = (text: string) => Promise<Buffer>;

/** What a witness answers to a request to cosign. */
export type WitnessAnswer =
  /** Signature lines, which nobody has verified yet. */
  | { readonly status: "cosigned"; readonly lines: string }
  /** The witness knows the log with so many entries. */
  | { readonly status: "other-size"; readonly size: number }
  /** What the witness cosigned before is not the beginning of this log. */
  | { readonly status: "inconsistent" }
  | { readonly status: "refused"; readonly httpStatus: number };

/** A witness as the log sees it. */
export interface Witness {
  readonly key: VerifierKey;
  /** Sends a request to cosign (C2SP tlog-witness, `add-checkpoint`). Answers or throws WITNESS_UNAVAILABLE within 5 s. */
  readonly ask: (request: string) => Promise<WitnessAnswer>;
}
