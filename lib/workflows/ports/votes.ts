import type { Voter, WhyUnverified } from "../../domain/people/vote.ts";

/** Largest body (bytes) of a request: in base64 it fits into a message of SQS (256 KB) with room for the rest. */
export const maxRequestBytes = 150_000;

/** A request with its proof, exactly as it came in: what was signed are its bytes. */
export type SignedRequest =
  | { readonly via: "slack"; readonly body: Uint8Array; readonly timestamp: string; readonly signature: string }
  | { readonly via: "aws"; readonly text: string; readonly claimed: Extract<Voter, { via: "aws" }> };

/** A request on its way to be judged. */
export interface QueuedRequest {
  readonly signed: SignedRequest;
  /** What the person was answered at once: the key of a verdict, or empty. Not believed, only compared. */
  readonly answered: string;
}

/** Where a request waits. */
export interface QueuePlace {
  /** What is in one group is judged one after another. */
  readonly group: string;
  /** SHA-256 of the proof, in hex. */
  readonly requestId: string;
}

/** Sends a request to be judged. Throws QUEUE_UNAVAILABLE. */
export type SendRequest = (request: QueuedRequest, place: QueuePlace) => Promise<void>;

/** The final verdict on a request. Times in ms since the epoch. */
export interface Receipt {
  readonly requestId: string;
  /** Key of the verdict: `case.counted.granted`. */
  readonly verdict: string;
  readonly accepted: boolean;
  /** The verdict in words, to the person. */
  readonly message: string;
  /** What the person was answered at once: the key of a verdict, or empty. */
  readonly answered: string;
  /** Who requested it; absent where the proof was wrong. */
  readonly voter?: Voter;
  /** The channel in which a person of Slack requested it. */
  readonly channel?: string;
  readonly unverified?: WhyUnverified;
  readonly sentAt: number;
  readonly judgedAt: number;
}

/** Receipts of requests. INVARIANT: one for each request, written once and never changed. Throws STORE_UNAVAILABLE or RECEIPT_UNREADABLE. */
export interface ReceiptBook {
  read(requestId: string): Promise<Receipt | undefined>;
  /** Writes a receipt, unless there is one; returns the one that is there then. */
  write(receipt: Receipt): Promise<Receipt>;
}

/** Publishes that a request was judged: its id, and nothing else. Throws BUS_UNAVAILABLE. */
export type NotifyJudged = (requestId: string) => Promise<void>;
