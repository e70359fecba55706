/** Reports what a command ended with: 0 fine, 1 found something, 3 could not prove it. */
export type End = (status: 0 | 1 | 3) => void;

/** Credentials of AWS, as the SDK names them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What any command uses of the computer it runs on. */
export interface Terminal {
  readonly version: string;
  readonly endpoint: string | undefined;
  /** The Region to work in, where no other is named. */
  readonly region: string;
  /** The stage to work on, where no other is named; undefined for dev. */
  readonly stage?: string | undefined;
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
