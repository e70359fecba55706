import { amongPeople } from "./configurations.ts";
import { everyOrderOf } from "./every-order.ts";

everyOrderOf("events, runs, people and time", amongPeople);
