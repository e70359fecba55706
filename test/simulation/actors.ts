import { callerFor, guardRoleArn, sweepRoleArn } from "./cast.ts";
import { ChangePeople } from "./change-people.ts";
import type { Statement } from "./chronicle.ts";
import type { Act, PersonName } from "./plan.ts";
import { askingRuleOf, needsAwsProof } from "./policies.ts";
import { ProvenPeople } from "./proven-people.ts";
import { SlackPeople } from "./slack-people.ts";
import type { Stage } from "./stage.ts";

type Deletion = Extract<Act, { do: "delete" }>;

/** Does what the acts of a plan say, and notes in the chronicle the result. */
export class Actors {
  readonly #stage: Stage;
  readonly slack: SlackPeople;
  readonly #proven: ProvenPeople;
  readonly #changes: ChangePeople;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.slack = new SlackPeople(stage.sim.slack, async (ms) => await stage.sim.clock.sleep(ms));
    this.#proven = new ProvenPeople(stage.sim);
    this.#changes = new ChangePeople(stage, this.#proven);
  }

  perform(act: Act): void {
    const { sim, feed, arns, deploy, tell } = this.#stage;
    switch (act.do) {
      case "delete":
        this.#delete(act);
        break;
      case "delete-many":
        this.#deleteMany(act);
        break;
      case "delete-in-vain":
        this.#deleteInVain(act);
        break;
      case "restore":
        this.#byHand(act.key, "RestoreKey", "restore", act.by);
        break;
      case "stop-usage":
        this.#byHand(act.key, "StopKeyUsage", "stop-usage", act.by);
        break;
      case "change":
        this.#changes.change(act);
        break;
      case "permit-change":
        this.#changes.decide(act);
        break;
      case "start":
        this.#changes.start(act);
        break;
      case "relabel":
        this.#relabel(act);
        break;
      case "lock-out":
        this.#lockOut(act);
        break;
      case "replay":
        if (feed.replay(arns[act.key] ?? "")) tell(`the deletion of key ${act.key} is replayed`);
        break;
      case "limit":
        sim.stack.controlPlane.limitTo(act.callsPerSecond);
        break;
      case "vote":
        this.#vote(act);
        break;
      case "permit":
        this.#permit(act);
        break;
      case "pause":
        this.#pause(act);
        break;
      case "deploy":
        tell(`the policy ${act.policy} is deployed, mode ${act.mode}`);
        deploy(act);
        break;
      case "rotate":
        tell(`${act.secret} is rotated`);
        sim.stack.secrets.rotate(act.secret);
        break;
      case "crash":
        tell(`${act.function} crashes`);
        void sim.functions.get(act.function)?.kill();
    }
  }

  #delete({ key, by, days, event }: Omit<Deletion, "at">): void {
    const { sim, feed, chronicle, plan, tell } = this.#stage;
    const wasEnabled = this.#keyState(key)?.Enabled ?? false;
    feed.fate = event;
    const status = this.#call("DeleteKey", by, key, { DeleteKeyInDays: days });
    feed.fate = "on-time";
    if (status === 200) chronicle.deletions.push({ key, by, days, at: sim.clock.now(), event, wasEnabled });
    tell(`${by} deletes key ${key} (${plan.keys[key]}, ${days} d, event ${event}): ${status}`);
  }

  #deleteMany({ key, count, by, days }: Extract<Act, { do: "delete-many" }>): void {
    const { sim, arns } = this.#stage;
    for (let n = 0; n < count && key + n < arns.length; n++)
      sim.clock.after(n * 200, () => this.#delete({ do: "delete", key: key + n, by, days, event: "on-time" }));
  }

  #deleteInVain({ key, count, by }: Extract<Act, { do: "delete-in-vain" }>): void {
    const { sim, feed, tell } = this.#stage;
    tell(`${by} begins to call DeleteKey for key ${key} in vain, ${count} times`);
    const call = () => {
      feed.fate = "lost";
      this.#call("DeleteKey", by, key, { DeleteKeyInDays: 999 });
      feed.fate = "on-time";
    };
    for (let n = 0; n < count; n++) sim.clock.after(n * 200, call);
  }

  #byHand(key: number, operation: string, did: "restore" | "stop-usage", by: PersonName = "carol"): void {
    const { sim, chronicle, tell, feed } = this.#stage;
    const isIdle = did === "stop-usage" && this.#keyState(key)?.Enabled === false;
    const status = this.#call(operation, by, key, {});
    if (status === 200) chronicle.manual.push({ key, at: sim.clock.now(), did, by, isIdle, heardAt: feed.deliversAt });
    tell(`${by} calls ${operation} for key ${key}: ${status}`);
  }

  /** The tags of a pending key are frozen; its aliases may not be. */
  #relabel({ key, as }: Extract<Act, { do: "relabel" }>): void {
    const { sim, arns, chronicle, tell, feed } = this.#stage;
    const { controlPlane } = sim.stack;
    const KeyArn = arns[key] ?? "";
    const call = (operation: string, request: object) =>
      controlPlane.handle(operation, request, callerFor("mallory", false)).status;
    const tagged = call("TagResource", { ResourceArn: KeyArn, Tags: [{ Key: "Environment", Value: as }] });
    const before = controlPlane.aliasOf(KeyArn);
    if (before !== undefined && call("DeleteAlias", { AliasName: before }) === 200) {
      const deleted = {
        key,
        at: sim.clock.now(),
        did: "misroute",
        by: "mallory",
        alias: before,
        isIdle: false,
      } as const;
      chronicle.changes.push({ ...deleted, heardAt: feed.deliversAt });
    }
    const alias = call("CreateAlias", { AliasName: `alias/${as}/new-${key}-${chronicle.relabels.length}`, KeyArn });
    chronicle.relabels.push({ key, at: sim.clock.now() });
    tell(`mallory relabels key ${key} as ${as}: ${tagged}, ${alias}`);
  }

  #lockOut({ key, call }: Extract<Act, { do: "lock-out" }>): void {
    const { sim, arns, tell } = this.#stage;
    const deny = {
      ...{ Effect: "Deny", Action: `payment-cryptography:${call}`, Resource: "*" },
      Principal: { AWS: [guardRoleArn, sweepRoleArn] },
    };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [deny] });
    const request = { ResourceArn: arns[key], Policy };
    const { status } = sim.stack.controlPlane.handle("PutResourcePolicy", request, callerFor("mallory", false));
    tell(`mallory denies the guard ${call} on key ${key}: ${status}`);
  }

  #vote({ key, by, choice, via }: Extract<Act, { do: "vote" }>): void {
    const arn = this.#stage.arns[key] ?? "";
    const seen = new RegExp(`${arn}#(\\d+)`).exec(this.slack.message(arn)?.text ?? "")?.[1];
    const generation = Number(seen ?? Math.max(1, this.#stage.chronicle.deletionsOf(key).length));
    const about = this.slack.requesterShown(arn);
    const proven = choice === "approve" && needsAwsProof(this.#stage.plan.keys[key] ?? "pin");
    const vote =
      via === "slack" && !proven ? this.slack.vote(by, arn, choice) : this.#proven.vote(by, arn, generation, choice);
    this.#note({ key, by, says: choice, ...(about !== undefined && { about }) }, vote);
  }

  #permit({ key, by, step, rule }: Extract<Act, { do: "permit" }>): void {
    const { arns, plan } = this.#stage;
    const asking = rule ?? askingRuleOf(plan.keys[key] ?? "pin");
    const heard = this.#proven.permit(by, arns[key] ?? "", step, asking);
    this.#note({ key, by, says: step === "approve" ? "permit" : step }, heard);
  }

  #pause({ by, forMs }: Extract<Act, { do: "pause" }>): void {
    const { sim, chronicle, tell } = this.#stage;
    void this.#proven.pause(by, forMs).then((heard) => {
      tell(`${by} asks for a pause: ${heard}`);
      const at = sim.clock.now();
      if (heard !== "refused" && forMs !== "end") chronicle.pauses.push({ by, at, untilMs: at + forMs });
    });
  }

  /** Notes a statement when its answer is there, with the time at which it was made. */
  #note(statement: Omit<Statement, "at" | "heard">, heard: Promise<Statement["heard"]>): void {
    const { sim, chronicle, tell } = this.#stage;
    const at = sim.clock.now();
    void heard
      .catch(() => "unknown" as const)
      .then((answer) => {
        tell(`${statement.by} says ${statement.says} on key ${statement.key}: ${answer}`);
        chronicle.statements.push({ ...statement, at, heard: answer });
      });
  }

  #call(operation: string, by: PersonName, key: number, more: object): number {
    const { sim, arns, plan } = this.#stage;
    const request = { KeyIdentifier: arns[key], ...more };
    return sim.stack.controlPlane.handle(operation, request, callerFor(by, plan.hostile)).status;
  }

  #keyState(key: number) {
    return this.#stage.sim.stack.controlPlane.keys().find(({ KeyArn }) => KeyArn === this.#stage.arns[key]);
  }
}
