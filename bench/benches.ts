import type { Bench } from "./bench.ts";
import { coldImport } from "./cold/import.ts";
import { command } from "./command/command.ts";
import { firstEvent } from "./guard/first-event.ts";
import { warm } from "./guard/warm.ts";
import { reconcile } from "./reconcile.ts";
import { replay } from "./replay.ts";
import { report } from "./report.ts";
import { verify } from "./verify.ts";
import { callback } from "./world/callback.ts";
import { storm } from "./world/storm.ts";
import { sweep } from "./world/sweep.ts";

/** In the order in which they are measured and reported. */
export const benches: readonly Bench[] = [
  coldImport,
  firstEvent,
  warm,
  callback,
  storm,
  sweep,
  verify,
  replay,
  reconcile,
  report,
  command,
];
