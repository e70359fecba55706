import type { Chain } from "../../domain/ledger/chain.ts";
import type { ChainName } from "../../domain/ledger/chain-name.ts";
import type { LatestPolicy } from "../../domain/stack/policy-record.ts";
import type { ChainChange } from "./guard.ts";

/** The chains of what concerns the stack and no single case. Throws STORE_UNAVAILABLE, or CASE_UNREADABLE for one that cannot be trusted. */
export interface StackBook {
  read(name: ChainName): Promise<Chain | undefined>;
  save(change: ChainChange): Promise<"saved" | "conflict">;
}

/** The chain of one principal's failed calls within an hour, and how many more were counted beside it. The number is no evidence until an entry has it. */
export interface CountedCalls {
  readonly chain: Chain;
  readonly more: number;
}

/** The chains of failed calls. Throws STORE_UNAVAILABLE, or CASE_UNREADABLE. */
export interface CallBook extends StackBook {
  /** Counts one more call beside a chain that is full. A record that is delivered twice counts twice. */
  countMore(name: ChainName): Promise<void>;
  /** The chains of an hour (`2026-11-29T14`) beside which calls were counted; one that cannot be trusted is left out. */
  counted(hour: string): Promise<readonly CountedCalls[]>;
}

/** The chains of policies. Throws STORE_UNAVAILABLE, or CASE_UNREADABLE for a newest one that none can follow. */
export interface PolicyBook {
  latest(): Promise<LatestPolicy | undefined>;
  save(change: ChainChange): Promise<"saved" | "conflict">;
}
