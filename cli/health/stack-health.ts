/** The stack that is looked at. */
export interface HealthSubject {
  readonly stackName: string;
  readonly stage: string;
  readonly region: string;
}

/** A function of the stack. */
export interface FunctionHealth {
  readonly name: string;
  /** Executions at a time that are reserved for it; undefined if none are. */
  readonly reserved: number | undefined;
  /** As many as the stack reserves; undefined if its setting is that none are. */
  readonly wanted: number | undefined;
  /** State of the event source mapping by which its queue invokes it, `none` if it is missing; undefined for a function without a queue. */
  readonly mapping?: string;
  /** Id of the mapping. */
  readonly mappingId?: string;
}

/** Sums of what a stack with slim monitoring publishes, and of its sweeps, in the last two hours. */
export interface SlimFigures {
  readonly monitoring: "slim";
  readonly sweeps: number;
  readonly failedSweeps: number;
  readonly keyAtRisk: number;
  readonly needsALook: number;
}

/** Sums, or for ages the newest value, of the stack's own metrics; undefined for one that was not published. */
export interface RecentFigures {
  readonly monitoring: "full";
  /** In the last two hours. */
  readonly heartbeats: number | undefined;
  /** Refused probes of RestoreKey in the last two hours. */
  readonly restoresDenied: number | undefined;
  /** Age (s) of the newest logged entry, of the last hour. */
  readonly logAgeSeconds: number | undefined;
}

/** Subscriptions of a topic: confirmed by the person who gets the mail, or waiting for that. */
export interface Subscriptions {
  readonly confirmed: number;
  readonly pending: number;
}

/** Who learns of what happens. */
export interface Audience {
  readonly alarms: Subscriptions;
  /** Of changes of the guard itself. */
  readonly tamper: Subscriptions;
  readonly notices: Subscriptions;
  readonly slackChannel: string | undefined;
}

/** What runs, as the stack states it. */
export interface DeployedPolicy {
  readonly mode: string;
  readonly hash: string;
}

/** What `verify-deployment` and `doctor` ask of a deployed stack. Every call throws what AWS answers. */
export interface StackHealth {
  readonly functions: () => Promise<readonly FunctionHealth[]>;
  /** ENABLED or DISABLED. */
  readonly scheduleState: () => Promise<string>;
  /** Whether each of the two secrets has a value. The stack makes them without one. */
  readonly secretsSet: () => Promise<Readonly<Record<string, boolean>>>;
  readonly tableIsProtected: () => Promise<boolean>;
  /** State of the stack's own KMS key. */
  readonly keyState: () => Promise<string>;
  readonly recentFigures: () => Promise<RecentFigures | SlimFigures>;
  readonly audience: () => Promise<Audience>;
  readonly deployedPolicy: () => Promise<DeployedPolicy>;
  /** URL of the stack's HTTP API, where votes go; undefined for a stack that does not state it. */
  readonly apiUrl: () => Promise<string | undefined>;
}

/** The functions of the stack, and whether a queue invokes them. */
export const stackFunctions: Readonly<Record<string, { readonly queue: boolean; readonly reserved: number }>> = {
  guard: { queue: true, reserved: 2 },
  approval: { queue: false, reserved: 5 },
  votes: { queue: true, reserved: 2 },
  remediation: { queue: true, reserved: 3 },
  notify: { queue: true, reserved: 2 },
  sweep: { queue: false, reserved: 1 },
};
