import type { DoctorContext } from "../doctor/doctor-command.ts";
import type { PlacesOptions } from "../places/places-options.ts";
import type { PlaceOptions } from "../stack/aws-place.ts";
import type { TrailContext } from "../trail/trail-context.ts";
import type { TrailSource } from "../trail/trail-source.ts";
import type { PageFile } from "./console-server.ts";
import type { TablePages } from "./table-pages.ts";

/** What a console uses. */
export interface ConsoleContext extends TrailContext, DoctorContext {
  /** Loaded when a console starts. */
  readonly consoleTools: () => Promise<ConsoleTools>;
}

/** What only a console uses. */
export interface ConsoleTools {
  /** The pages of a table, a request each. */
  readonly tablePages: (from: TrailSource) => TablePages;
  /** Time (ms) by the clock of AWS, or of an endpoint on this machine. */
  readonly stackTime: (place: { readonly region: string; readonly endpoint?: string }) => Promise<number>;
  /** The files of the page, by the path they are asked for. */
  readonly pageFiles: () => Promise<ReadonlyMap<string, PageFile>>;
}

export type ToolContext = ConsoleContext & ConsoleTools;

export interface ConsoleOptions extends PlaceOptions, PlacesOptions {
  readonly port: string;
  readonly policy: string;
  readonly key?: string;
  readonly endpoint?: string;
  readonly stsUrl?: string;
  readonly readOnly?: true;
}
