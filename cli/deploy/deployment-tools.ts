import type { Access } from "../shell/access.ts";

/** Options that `deploy` and `verify-deployment` share: the stage, and those of its places that are meant. */
export interface StageOptions {
  readonly stage?: string;
  readonly file?: string;
  readonly account?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly json?: true;
}

export interface DeployOptions extends StageOptions {
  /** Names, separated by commas. */
  readonly weaken?: string;
  readonly unchecked?: string;
  readonly check?: boolean;
  readonly yes?: boolean;
}

export interface VerifyOptions extends StageOptions {
  /** False leaves the canary out. */
  readonly canary?: boolean;
}

/** A deployed place, and what it takes to ask it. */
export interface PlaceToVerify {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly access: Access;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

/** Answers that become a stage file, by the names of its fields. */
export interface InitOptions {
  readonly stage?: string;
  readonly file?: string;
  readonly json?: true;
  readonly [answer: string]: string | true | undefined;
}

export interface StackSetOptions extends Pick<StageOptions, "stage" | "file" | "json"> {
  readonly bucket: string;
  /** Organizational units or the root, separated by commas. */
  readonly units: string;
  /** Separated by commas, in the order in which they are deployed. */
  readonly regions: string;
  readonly delegatedAdmin?: true;
  /** Accounts at a time in a Region, and those that may fail there before the rest is left. */
  readonly maxConcurrent: string;
  readonly failureTolerance: string;
  /** Each `Name=value`. */
  readonly parameter?: readonly string[];
}

export interface PackageSourceOptions {
  readonly policy: string;
  readonly stage: string;
  readonly json?: true;
}

/**
 * What deploys a stage from a checkout. The installed command has none of it. Each call prints what it finds, and returns whether all went well. They throw a
 * UsageError for options that are not understood.
 */
export interface DeploymentTools {
  readonly deploy: (options: DeployOptions) => Promise<boolean>;
  /** Prints the IAM policy that a role needs to deploy the stage. */
  readonly printCiPolicy: (options: DeployOptions) => boolean;
  readonly initialize: (options: InitOptions) => Promise<boolean>;
  readonly verify: (options: VerifyOptions) => Promise<boolean>;
  /** Verifies one place with credentials that are resolved. Throws an InputError where the stage's file does not name it. */
  readonly verifyPlace: (
    options: Pick<VerifyOptions, "file" | "canary" | "json">,
    at: PlaceToVerify,
  ) => Promise<boolean>;
  readonly makeStackSet: (options: StackSetOptions) => Promise<boolean>;
  /** Makes .build/package from the sources of the checkout. */
  readonly packageFromSource: (options: PackageSourceOptions) => Promise<boolean>;
  /** Returns the manifest of the stack's Slack app, for the address of the stack's HTTP API. */
  readonly slackManifest: (endpoint: string) => string;
}

/** What the deployment commands use. */
export interface DeploymentContext {
  /** Loads what deploys. Throws an InputError where there is no checkout. */
  readonly deploymentTools: () => Promise<DeploymentTools>;
}
