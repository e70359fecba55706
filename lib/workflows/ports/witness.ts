import type { TreeHead } from "../../domain/log/consistency.ts";

/** What a witness keeps of one log: the last checkpoint that it cosigned. */
export interface CosignedLog extends TreeHead {
  /** The checkpoint with the log's signatures and the witness's. */
  readonly noteText: string;
}

/** The memory of a witness. Throws STORE_UNAVAILABLE. */
export interface WitnessBook {
  /** The last checkpoint that was cosigned of a log. Consistent: what was kept is read. */
  last(origin: string): Promise<CosignedLog | undefined>;
  /** Keeps `next` if the last one still has `before` leaves (0: there is none), in one step. */
  keep(origin: string, before: number, next: CosignedLog): Promise<"kept" | "conflict">;
}

/** Signs a text with the witness's Ed25519 key, 64 bytes. Throws ARCHIVE_UNAVAILABLE. */
export type SignCosignature = (text: string) => Promise<Buffer>;
