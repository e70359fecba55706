import { causeOf, codeOf, GuardError } from "../../domain/guard-error.ts";
import type { Log } from "../ports/guard.ts";
import type { RemediationClaims, Rules, StackKey, TamperCall } from "../ports/remediation.ts";

/** What undoing a change to the stack itself works with. */
export interface TamperDeps {
  readonly rules: Rules;
  /** The rules that are enabled again. INVARIANT: they are the template's, and a name in an event only selects one of them. */
  readonly ruleArns: readonly string[];
  readonly stackKey: StackKey;
  readonly claims: RemediationClaims;
  /** ARN of the role under which these calls are made. */
  readonly ownRole: string;
  /** ms since the epoch. */
  readonly clock: () => number;
  readonly log: Log;
}

/** How long (s) a call waits for the hour to pass in which its subject was brought back already. */
const laterSeconds = 900;

/** One effect on one subject: what it looks like now, and what brings it back. */
interface Undoing {
  readonly subject: string;
  /** `missing`: nothing here brings it back. */
  readonly state: () => Promise<"as-it-should-be" | "disarmed" | "missing">;
  readonly undo: () => Promise<void>;
}

/**
 * Undoes a call that disabled a rule of the stack, or disabled the stack's KMS key or scheduled its deletion. Compares before it acts, and acts once
 * per subject and hour; a further call raises the alarm and waits for the hour to pass. Ignores every other call, and those of its own role. Throws a
 * GuardError to be tried again.
 */
export async function undoTamper(deps: TamperDeps, call: TamperCall): Promise<void> {
  const undoing = call.callerRole === deps.ownRole ? undefined : undoingOf(deps, call);
  if (undoing === undefined) return deps.log("TAMPER_OVER", { eventId: call.eventId });
  const { subject } = undoing;
  const { eventId } = call;
  try {
    const state = await undoing.state();
    if (state === "as-it-should-be") return deps.log("TAMPER_OVER", { eventId, subject });
    if (state === "missing") return deps.log("TAMPER_LEFT", { eventId, subject, why: "missing" });
    await bringBack(deps, undoing, eventId);
    deps.log("TAMPER_UNDONE", { eventId, subject });
  } catch (error) {
    const code = codeOf(error);
    const why = code === "REMEDIATED_LATELY" ? "undone-within-the-hour" : "failed";
    deps.log("TAMPER_LEFT", { eventId, subject, why, code, ...causeOf(error) });
    throw error;
  }
}

/** INVARIANT: a second call within the hour does not leave the stack disarmed for good: it comes back until the hour is over. */
async function bringBack(deps: TamperDeps, { subject, state, undo }: Undoing, eventId: string): Promise<void> {
  if ((await claimOrGoOn(deps, subject, eventId)) === "taken")
    throw new GuardError("REMEDIATED_LATELY", "retry", `\`${subject}\` was brought back within the hour`, {
      retryAfterSeconds: laterSeconds,
    });
  await undo();
  if ((await state()) !== "as-it-should-be")
    throw new GuardError("REMEDIATION_WITHOUT_EFFECT", "retry", `\`${subject}\` is not back yet`);
}

/**
 * The table of claims is encrypted with the stack's own key, and cannot be read while that is disabled. INVARIANT: then the stack's life comes first: each
 * event leads to one effect, and none waits for the table.
 */
async function claimOrGoOn({ claims, clock, log }: TamperDeps, subject: string, eventId: string) {
  const answer = await claims.claim(subject, eventId, clock()).catch((error: unknown) => {
    if (codeOf(error) !== "STORE_UNAVAILABLE") throw error;
    return "unrecorded" as const;
  });
  // The line is the record that precedes the effect.
  if (answer !== "taken") log("TAMPER_UNDOING", { eventId, subject, recorded: answer === "claimed" });
  return answer;
}

function undoingOf({ rules, ruleArns, stackKey }: TamperDeps, { did }: TamperCall): Undoing | undefined {
  switch (did.kind) {
    case "rule-disabled": {
      const arn = ruleArns.find((each) => [each, each.split("/").at(-1)].includes(did.ruleName));
      return arn === undefined ? undefined : undoingOfRule(rules, arn);
    }
    case "kms-key-ended": {
      const own = [stackKey.arn, stackKey.arn.split("/").at(-1)];
      return did.keyIds.some((id) => own.includes(id)) ? undoingOfKey(stackKey) : undefined;
    }
    case "other":
      return undefined;
  }
}

function undoingOfRule(rules: Rules, arn: string): Undoing {
  const states = { enabled: "as-it-should-be", disabled: "disarmed", missing: "missing" } as const;
  return {
    subject: arn,
    state: async () => states[await rules.state(arn)],
    undo: async () => await rules.enable(arn),
  };
}

function undoingOfKey(key: StackKey): Undoing {
  const states = {
    enabled: "as-it-should-be",
    disabled: "disarmed",
    "pending-deletion": "disarmed",
    other: "missing",
  } as const;
  return {
    subject: key.arn,
    state: async () => states[await key.state()],
    undo: async () => {
      if ((await key.state()) === "pending-deletion") await key.cancelDeletion();
      await key.enable();
    },
  };
}
