/** Whether a rule of EventBridge does its work. `without-target`: it matches events and sends them nowhere. */
export type RuleHealth = "working" | "disabled" | "missing" | "without-target";

/** Reads the health of a rule, by its ARN. Throws BUS_UNAVAILABLE, or ACCESS_DENIED. */
export type ReadRuleHealth = (ruleArn: string) => Promise<RuleHealth>;

/** Asks the guard, by way of the bus, to probe whether its role may restore keys. Throws BUS_UNAVAILABLE. */
export type AskGuardToProbe = () => Promise<void>;

/** What a stack says of itself once an hour. `null` is not known. */
export interface Heartbeat {
  readonly version: string;
  /** SHA-256 of the policy that is built in. */
  readonly policyHash: string;
  readonly mode: "observe" | "enforce";
  /** When the sweep that says so ran. ISO 8601. */
  readonly sweptAt: string;
  readonly openCases: number | null;
  /** How long ago (ms) the whole table was logged. */
  readonly logAgeMs: number | null;
  /** How long ago (ms) the reading of those keys began whose states were read longest ago. */
  readonly statesAgeMs: number | null;
}

/** Publishes a heartbeat. Throws BUS_UNAVAILABLE. */
export type PublishHeartbeat = (heartbeat: Heartbeat) => Promise<void>;
