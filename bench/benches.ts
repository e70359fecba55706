import type { Bench } from "./bench.ts";
import { decide } from "./decide/decide.ts";
import { replay } from "./replay.ts";
import { report } from "./report.ts";
import { verify } from "./verify.ts";

/** In the order in which they are measured and told of. */
export const benches: readonly Bench[] = [decide, verify, replay, report];
