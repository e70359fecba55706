import { causeOf, codeOf } from "../../domain/guard-error.ts";
import { type ProbeDeps, probeRestore } from "../guard/probe-restore.ts";
import type { Guard } from "../guard/run.ts";
import type { AskGuardToProbe, PublishHeartbeat } from "../ports/self-check.ts";
import { checkRules, type RuleCheckDeps } from "./check-rules.ts";

/** What a self-check works with. */
export interface SelfCheckDeps extends RuleCheckDeps, ProbeDeps {
  readonly guard: Pick<Guard, "cases" | "clock" | "policy" | "version">;
  readonly askGuardToProbe: AskGuardToProbe;
  readonly publishHeartbeat: PublishHeartbeat;
  /** How long ago (ms) the whole table was logged; undefined where that is not known. */
  readonly logAgeMs: () => number | undefined;
  /** How long ago (ms) the reading of those keys began whose states were read longest ago; undefined while none was read. Throws STORE_UNAVAILABLE. */
  readonly statesAgeMs: () => Promise<number | undefined>;
}

/**
 * Checks what the stack rests on: its rules, and whether sweep and guard may restore keys. Then publishes a heartbeat. What fails is logged and
 * harms nothing else. Returns whether the heartbeat was published. Never throws.
 */
export async function selfCheck(deps: SelfCheckDeps): Promise<{ readonly heartbeat: boolean }> {
  await checkRules(deps);
  await probeRestore(deps);
  await attempt(deps, "ask-guard-to-probe", deps.askGuardToProbe);
  const heartbeat = await attempt(deps, "heartbeat", async () => await publish(deps));
  return { heartbeat };
}

/** Returns whether the step succeeded. */
async function attempt({ log }: SelfCheckDeps, step: string, take: () => Promise<void>): Promise<boolean> {
  try {
    await take();
    return true;
  } catch (error) {
    log("SWEEP_STEP_FAILED", { step, code: codeOf(error), ...causeOf(error) });
    return false;
  }
}

async function publish({ guard, logAgeMs, statesAgeMs, publishHeartbeat }: SelfCheckDeps): Promise<void> {
  const { cases, clock, policy, version } = guard;
  const now = clock();
  const openCases = await cases.countOpen().catch(() => null);
  const statesAge = await statesAgeMs().catch(() => undefined);
  await publishHeartbeat({
    version,
    policyHash: policy.hash,
    mode: policy.mode,
    sweptAt: new Date(now).toISOString(),
    openCases,
    logAgeMs: logAgeMs() ?? null,
    statesAgeMs: statesAge ?? null,
  });
}
