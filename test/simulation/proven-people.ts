import { castVote, type Subject } from "../../cli/vote/cast-vote.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import { personOf } from "./cast.ts";
import type { Statement } from "./chronicle.ts";
import { custodianRole, custodianRoleId, here } from "./local.ts";
import { day, type PersonName } from "./plan.ts";
import type { Simulation } from "./world.ts";

type Heard = Statement["heard"];

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

  async #say(by: PersonName, subject: Subject): Promise<Heard> {
    const { clock, fetch, endpoint } = this.#sim;
    const credentials = { accessKeyId: personOf(by).accessKeyId, secretAccessKey: "local" };
    const command = { subject, reason: "CHG-1234", endpoint, region: here.region, stsUrl: `${endpoint}/` };
    const outcome = await castVote(command, {
      ...{ credentials, now: clock.now(), fetch },
      pause: async (ms) => await clock.sleep(ms),
    });
    if (outcome.kind === "judged") return outcome.accepted ? "accepted" : "refused";
    return outcome.kind === "refused" && !outcome.code.endsWith("UNAVAILABLE") ? "refused" : "unknown";
  }
}
