import { deployedPolicyFinding } from "../doctor/deployed-policy.ts";
import { figureFindings } from "../health/figure-findings.ts";
import { type Finding, judged } from "../health/finding.ts";
import { healthFindings } from "../health/health-findings.ts";
import type { HealthSubject, StackHealth } from "../health/stack-health.ts";
import { errorText } from "../shell/error-text.ts";
import type { DatedFinding } from "./parts.ts";

/** How often (ms) the guard's heartbeat is looked at while someone looks: three requests, in place of reading the table. */
const figuresEveryMs = 5 * 60_000;

export interface ChecksOptions {
  readonly health: () => Promise<StackHealth>;
  readonly subject: HealthSubject;
  /** The policy that was reviewed. */
  readonly policyFile: string;
  readonly now: () => number;
}

/** What is known of the health of a deployed stack: all of it when someone asks, the heartbeat by itself. */
export class StackChecks {
  readonly #options: ChecksOptions;
  #findings: readonly DatedFinding[] = [];
  #figuresAt: number | undefined;
  #checking: Promise<void> | undefined;

  constructor(options: ChecksOptions) {
    this.#options = options;
  }

  get findings(): readonly DatedFinding[] {
    return this.#findings;
  }

  get isChecking(): boolean {
    return this.#checking !== undefined;
  }

  get isHeartbeatDue(): boolean {
    return this.#figuresAt !== undefined && this.#options.now() - this.#figuresAt >= figuresEveryMs;
  }

  /** Checks everything, once however many ask. Never throws. */
  async check(): Promise<void> {
    this.#checking ??= this.#checkAll().finally(() => {
      this.#checking = undefined;
    });
    await this.#checking;
  }

  /** Looks at the heartbeat and the age of the log. Never throws. */
  async checkHeartbeat(): Promise<void> {
    const { health, now } = this.#options;
    this.#figuresAt = now();
    const found = await judged(async () => await (await health()).recentFigures(), figureFindings, {
      subjects: ["restore probe", "audit log"],
      needs: "cloudformation:DescribeStacks, cloudwatch:GetMetricData",
      text: (error) => errorText(error, 300),
    });
    const fresh = new Map(this.#dated(found).map((each) => [each.subject, each]));
    this.#findings = this.#findings.map((each) => fresh.get(each.subject) ?? each);
  }

  async #checkAll(): Promise<void> {
    const { health, subject, policyFile, now } = this.#options;
    try {
      const probes = await health();
      const policy = await deployedPolicyFinding(probes, policyFile);
      this.#findings = this.#dated([policy, ...(await healthFindings(probes, subject))]);
    } catch (error) {
      this.#findings = this.#dated([{ subject: "stack", verdict: "unknown", found: errorText(error, 300) }]);
    }
    this.#figuresAt = now();
  }

  #dated(findings: readonly Finding[]): readonly DatedFinding[] {
    const at = this.#options.now();
    return findings.map((finding) => ({ ...finding, at }));
  }
}
