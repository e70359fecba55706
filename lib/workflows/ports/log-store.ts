import type { FoundChain } from "../../domain/log/compare-chain.ts";
import type { VerifierKey } from "../../domain/log/verifier-key.ts";

/** An object of the audit bucket: its first 16 MiB. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  /** The version of S3. */
  readonly version?: string;
}

/** Names of objects, in their order. */
export interface NamesPage {
  readonly names: readonly string[];
  /** Whether there are more after them. */
  readonly more: boolean;
}

/** The log in the audit bucket: objects are written once, and never changed. Every call throws ARCHIVE_UNAVAILABLE. */
export interface LogStore {
  /** Returns the names that begin with `prefix` and come after `after`, one page of them. Strongly consistent. */
  list(prefix: string, after: string): Promise<NamesPage>;
  /** Returns the object, or undefined if it does not exist. */
  read(name: string): Promise<StoredObject | undefined>;
  /** Writes an object, unless one with that name exists. */
  write(name: string, text: string): Promise<"written" | "there-is-one">;
}

/** The chains of the table that belong to the audit trail. Throws STORE_UNAVAILABLE. */
export interface TrailTable {
  /** Reads every chain, whatever its state. Eventually consistent: what was written just now may be missing. */
  all(): AsyncIterable<FoundChain>;
  /** Reads one chain consistently; without texts if it does not exist. */
  read(name: string): Promise<FoundChain>;
}

/** Signs with a key that nobody can take out of KMS. Throws SIGNING_UNAVAILABLE. */
export interface LogSigner {
  /** Returns the public key under the name of the log. */
  key(): Promise<VerifierKey>;
  /** Returns the signature over `text`. */
  sign(text: string): Promise<Buffer>;
}
