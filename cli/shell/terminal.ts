import type { Access } from "./access.ts";
import type { Credentials } from "./credentials.ts";

/** What a command ends with: 0 fine, 1 found something, 2 a place could not be asked, 3 could not prove it. */
export type Status = 0 | 1 | 2 | 3;

/** Reports what a command ended with. */
export type End = (status: Status) => void;

/** What any command uses of the computer it runs on. */
export interface Terminal {
  readonly version: string;
  readonly endpoint: string | undefined;
  /** The Region to work in, where no other is named. */
  readonly region: string;
  /** The stage to work on, where no other is named; undefined for dev. */
  readonly stage?: string | undefined;
  /** How to call AWS, where the place is one of many; undefined for the credentials of the shell. */
  readonly access?: Access;
  /** Where to look for the config file, and upward; undefined to read none. */
  readonly folder?: string;
  readonly credentials: () => Promise<Credentials>;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly fetch: typeof fetch;
  /** Waits for so many ms; `stop` ends what would go on forever. */
  readonly pause: (ms: number) => Promise<unknown>;
  /** Reports progress if the output is a terminal. */
  readonly progress: (text: string) => void;
  readonly colours: boolean;
  /** How wide the terminal is (characters); absent for a pipe. */
  readonly columns?: number;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}
