import { amongDeployments } from "./configurations.ts";
import { everyOrderOf } from "./every-order.ts";

everyOrderOf("deployments, planned permits, runs and time", amongDeployments);
