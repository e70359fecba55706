import * as v from "valibot";
import { GuardError } from "../lib/domain/guard-error.ts";

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
const url = v.pipe(v.string(), v.url("must be a URL"));
const positive = (what: string) => v.pipe(v.string(), v.toNumber(), v.gtValue(0, `must be ${what} above 0`));

const settingsSchema = v.object({
  STAGE: text,
  ACCOUNT_ID: v.pipe(v.string(), v.regex(/^\d{12}$/, "must be an account id of 12 digits")),
  AWS_REGION: text,
  CASES_TABLE: text,
  EVENT_BUS_NAME: text,
  GUARD_QUEUE_URL: url,
  DEAD_LETTER_QUEUE_URL: url,
  MAX_RECEIVE_COUNT: positive("a number"),
  CONTROL_PLANE_CALLS_PER_SECOND: positive("a number"),
});

/** The guard's environment, as the template sets it. */
export type Settings = v.InferOutput<typeof settingsSchema>;

/** Names of every variable the guard reads: the template and its test use the same list. */
export const settingNames = Object.keys(settingsSchema.entries);

/** `environment` as settings. Throws CONFIGURATION_INVALID that names every fault at once, and no values. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = v.safeParse(settingsSchema, environment);
  if (parsed.success) return parsed.output;
  const faults = parsed.issues.map((issue) => {
    const name = v.getDotPath(issue) ?? "environment";
    return environment[name] === undefined ? `${name} is not set` : `${name} ${issue.message}`;
  });
  throw new GuardError("CONFIGURATION_INVALID", "dead-letter", `configuration: ${faults.join("; ")}`);
}
