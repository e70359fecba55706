import type { DeploymentContext } from "../deploy/deployment-tools.ts";
import type { Terminal } from "../shell/terminal.ts";

/** What packaging uses. */
export interface PackageContext extends Terminal, DeploymentContext {
  /** The folder of the released stack that this command came with. */
  readonly releaseFolder: string;
}

export interface PackageOptions {
  readonly policy: string;
  readonly stage: string;
  readonly out: string;
  readonly release?: string;
  /** Builds the sources of this checkout, for development, instead of taking a release. */
  readonly fromSource?: true;
  readonly json?: true;
}
