import type { ConsoleContext } from "./console/console-context.ts";
import type { DeploymentContext } from "./deploy/deployment-tools.ts";
import type { DoctorContext } from "./doctor/doctor-command.ts";
import type { PackageContext } from "./package/package-options.ts";
import type { PlacesContext } from "./places/places-context.ts";
import type { ScanContext } from "./scan/scan-command.ts";
import type { RedriveContext } from "./stack/redrive-command.ts";
import type { TrailContext } from "./trail/trail-context.ts";

/** All that the command uses of the computer it runs on: what each of its commands declares, together. */
export type CliContext = TrailContext &
  PlacesContext &
  DeploymentContext &
  DoctorContext &
  ConsoleContext &
  PackageContext &
  ScanContext &
  RedriveContext;
