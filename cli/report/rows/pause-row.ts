import { foldPause } from "../../../lib/domain/approval/pause.ts";
import type { Chain } from "../../../lib/domain/ledger/chain.ts";

/** One pause of the guard as an assessor asks of it. Times are ms since the epoch. */
export interface PauseRow {
  readonly number: number;
  readonly requestedAt: number;
  readonly requestedBy: string;
  readonly reason: string;
  readonly grantedBy: string;
  readonly from?: number;
  readonly until?: number;
  readonly endedBy: string;
}

/** The row of a pause, or undefined for any other chain. */
export function pauseRow(chain: Chain): PauseRow | undefined {
  const pause = foldPause(chain);
  if (pause === undefined) return undefined;
  const { number, requestedBy, reason, granted, endedBy = "" } = pause;
  const endedAt = chain.entries.find(({ kind }) => kind === "pause-ended")?.at;
  return {
    ...{ number, requestedBy, reason, endedBy, grantedBy: granted?.by ?? "" },
    requestedAt: chain.entries[0]?.at ?? 0,
    ...(granted && { from: granted.at, until: endedAt ?? granted.until }),
  };
}
