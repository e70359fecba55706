import type { Terminal } from "../shell/terminal.ts";

/** What packaging uses. */
export interface PackageContext extends Terminal {
  /** The folder of the released stack that this command came with. */
  readonly releaseFolder: string;
}

export interface PackageOptions {
  readonly policy: string;
  readonly stage: string;
  readonly out: string;
  readonly release?: string;
  readonly json?: true;
}
