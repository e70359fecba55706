import { guardedAlone } from "./configurations.ts";
import { everyOrderOf } from "./every-order.ts";

everyOrderOf("events, runs, time and faults", guardedAlone);
