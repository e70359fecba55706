import { castVote, type Subject } from "../../cli/vote/cast-vote.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { personOf, principalOf } from "./cast.ts";
import type { Statement } from "./chronicle.ts";
import { custodianRole, custodianRoleId, here } from "./local.ts";
import { type DecidedOperation, day, type PersonName } from "./plan.ts";
import { ruleOfChange } from "./policies.ts";
import type { Simulation } from "./world.ts";

type Heard = Statement["heard"];

/** A change that people plan: who is to make it, and which key an alias may come to name. */
interface PlannedChange {
  readonly operation: DecidedOperation;
  readonly subject: string;
  readonly holder: PersonName;
  readonly to?: string;
}

interface Answered {
  readonly heard: Heard;
  readonly permit?: string;
}

/** What people say with the `reprieve` command: requests that STS proves to be theirs. */
export class ProvenPeople {
  readonly #sim: Simulation;
  /** Numbers of the permits of each key. */
  readonly #permits = new Map<string, number>();

  constructor(sim: Simulation) {
    this.#sim = sim;
  }

  async vote(by: PersonName, keyArn: string, generation: number, choice: "keep" | "approve"): Promise<Heard> {
    return await this.#say(by, { choice, case: { keyArn: keyArn as KeyArn, generation } });
  }

  async pause(by: PersonName, forMs: number | "end"): Promise<Heard> {
    return await this.#say(by, { pause: forMs });
  }

  /** Asks for a permit for Alice, approves the newest, or takes it back. */
  async permit(by: PersonName, key: string, step: "request" | "approve" | "revoke", rule: string): Promise<Heard> {
    const keyArn = key as KeyArn;
    const number = this.#permits.get(key) ?? 0;
    if (step !== "request") {
      const name = { keyArn, number: Math.max(1, number) };
      return await this.#say(by, { permit: step === "approve" ? { approve: name } : { revoke: name } });
    }
    const principal = { principal: custodianRole, roleId: custodianRoleId, person: "alice", minWaitingMs: 3 * day };
    const heard = await this.#say(by, { permit: { request: { keyArn, rule, ...principal } } });
    if (heard !== "refused") this.#permits.set(key, number + 1);
    return heard;
  }

  /** Requests a permit for a change by `holder`; returns the name under which people find it. */
  async planChange(by: PersonName, { operation, subject, holder, to }: PlannedChange): Promise<Answered> {
    const person = holder === "reaper" ? {} : { person: holder };
    const rule = ruleOfChange(operation, holder);
    const request = { operation, subject, rule, ...principalOf(holder), ...person, ...(to && { to: to as KeyArn }) };
    const { heard, message } = await this.#ask(by, { changePermit: { request } });
    const permit = /recorded as (.+#p\d+)\./.exec(message)?.[1];
    return { heard, ...(permit !== undefined && { permit }) };
  }

  /** Approves a permit for a change, or refuses it. */
  async decideChange(by: PersonName, permit: string, step: "approve" | "refuse"): Promise<Heard> {
    return await this.#say(by, { changePermit: step === "approve" ? { approve: permit } : { revoke: permit } });
  }

  /** Requests that a key is started; `name` is that of its stops, or of the case that left it disabled. */
  async start(by: PersonName, name: string): Promise<Heard> {
    return await this.#say(by, { start: name });
  }

  async #say(by: PersonName, subject: Subject): Promise<Heard> {
    return (await this.#ask(by, subject)).heard;
  }

  async #ask(by: PersonName, subject: Subject): Promise<{ readonly heard: Heard; readonly message: string }> {
    const { clock, fetch, endpoint } = this.#sim;
    const credentials = { accessKeyId: personOf(by).accessKeyId, secretAccessKey: "local" };
    const command = { subject, reason: "CHG-1234", endpoint, region: here.region, stsUrl: `${endpoint}/` };
    const outcome = await castVote(command, {
      ...{ credentials, now: clock.now(), fetch },
      pause: async (ms) => await clock.sleep(ms),
    });
    if (outcome.kind === "judged")
      return { heard: outcome.accepted ? "accepted" : "refused", message: outcome.message };
    const isRefused = outcome.kind === "refused" && !outcome.code.endsWith("UNAVAILABLE");
    return { heard: isRefused ? "refused" : "unknown", message: "" };
  }
}
