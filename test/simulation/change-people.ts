import { hourOfChange } from "../../lib/domain/ledger/change-name.ts";
import { callerFor, firstAliasOf, unnamed } from "./cast.ts";
import type { Change, ChangeStatement } from "./chronicle.ts";
import type { Act, PersonName } from "./plan.ts";
import type { ProvenPeople } from "./proven-people.ts";
import { type ChangeButton, press } from "./slack-changes.ts";
import type { Stage } from "./stage.ts";

type ActOf<Do extends Act["do"]> = Omit<Extract<Act, { do: Do }>, "at" | "do">;
type Heard = ChangeStatement["heard"];

/** The number of the first key that is made while the simulation runs, and of the first spare one. */
const [firstNew, firstSpare] = [9_000, 9_500];

/** People who change keys and aliases otherwise than by deletion, decide about such changes, and have keys started. */
export class ChangePeople {
  readonly #stage: Stage;
  readonly #proven: ProvenPeople;
  /** Spare keys that were made, by the key in whose place they may be, and their number. */
  readonly #spares = new Map<string, string>();
  /** The newest permit that was requested, by operation and subject. */
  readonly #plans = new Map<string, string>();

  constructor(stage: Stage, proven: ProvenPeople) {
    this.#stage = stage;
    this.#proven = proven;
  }

  change(act: ActOf<"change">): void {
    if (act.change === "stop") this.#stop(act);
    else if (act.change === "switch") this.#switch(act);
    else this.#point(act);
  }

  #stop({ key, by = "mallory" }: ActOf<"change">): void {
    const { sim, arns, chronicle, plan, tell, feed } = this.#stage;
    const at = sim.clock.now();
    const isIdle = this.#keyState(key)?.Enabled === false;
    const request = { KeyIdentifier: arns[key] };
    const { status } = sim.stack.controlPlane.handle("StopKeyUsage", request, callerFor(by, plan.hostile));
    if (status === 200) chronicle.changes.push({ key, at, did: "stop", by, isIdle, heardAt: feed.deliversAt });
    tell(`${by} stops key ${key}: ${status}`);
  }

  #point({ key, change }: ActOf<"change">): void {
    const { sim, arns, chronicle, plan } = this.#stage;
    const { controlPlane } = sim.stack;
    const current = controlPlane.aliasOf(arns[key] ?? "");
    const alias = current ?? (change === "rotate" ? this.#aliasOf(key) : undefined);
    const to =
      change === "rotate"
        ? controlPlane.seed(unnamed(plan.keys[key] ?? "card", firstNew + chronicle.changes.length))
        : arns.find((_, n) => n < 4 && plan.keys[n] !== plan.keys[key]);
    if (alias === undefined || to === undefined) return;
    const where = change === "rotate" ? "a new key of its kind" : "a key of another kind";
    this.#update({ key, did: change, by: change === "rotate" ? "reaper" : "mallory", alias, to }, where);
  }

  #switch({ key, by = "alice", to = 0 }: ActOf<"change">): void {
    const target = to === "back" ? (this.#stage.arns[key] ?? "") : this.#spare(key, to);
    const where = to === "back" ? `key ${key}` : `spare key ${to}`;
    this.#update({ key, did: "switch", by, alias: this.#aliasOf(key), to: target }, where);
  }

  #update(change: Omit<Change, "at" | "isIdle" | "heardAt">, where: string): void {
    const { sim, chronicle, tell, feed } = this.#stage;
    const { controlPlane } = sim.stack;
    const { by, alias = "", to = "" } = change;
    const isIdle = controlPlane.keys().some(({ KeyArn, aliases }) => KeyArn === to && aliases.includes(alias));
    const { status } = controlPlane.handle("UpdateAlias", { AliasName: alias, KeyArn: to }, callerFor(by, false));
    if (status === 200) chronicle.changes.push({ ...change, at: sim.clock.now(), isIdle, heardAt: feed.deliversAt });
    tell(`${by} points ${alias} at ${where}: ${status}`);
  }

  decide({ key, operation, by, step, kind, via, holder = "alice", to }: ActOf<"permit-change">): void {
    const { sim, arns } = this.#stage;
    const subject = operation === "alias" ? this.#aliasOf(key) : (arns[key] ?? "");
    const about = { operation, subject, kind, by, step, at: sim.clock.now() };
    const known = kind === "plan" ? this.#plans.get(`${operation} ${subject}`) : this.#asked(operation, subject);
    if (step === "request") {
      const target = to === undefined || operation === "stop" ? {} : { to: this.#spare(key, to) };
      const planned = { operation, subject, holder, ...target };
      this.#note({ ...about, holder, ...target }, this.#proven.planChange(by, planned));
      return;
    }
    const button: ChangeButton = step === "approve" ? "approve-change" : "refuse-change";
    if (via === "slack") this.#note(about, this.#press(by, button, `${operation}#${subject}`));
    if (via === "slack" || known === undefined) return;
    const answer = this.#proven.decideChange(by, known, step).then((heard) => ({ heard, name: known }));
    this.#note(about, answer);
  }

  start({ key, by, kind, via }: ActOf<"start">): void {
    const { sim, arns, chronicle, tell } = this.#stage;
    const arn = arns[key] ?? "";
    const at = sim.clock.now();
    const stop = chronicle.stopsOf(key).at(kind === "stop-before" ? -2 : -1);
    const generation = Math.max(1, chronicle.deletionsOf(key).length);
    const name = kind === "case" ? `${arn}#${generation}` : `change#stop#${arn}#${hourOfChange(stop?.at ?? at)}`;
    const button = kind === "case" ? "start-usage" : "start-key";
    const answer =
      via === "slack" ? this.#press(by, button, arn) : this.#proven.start(by, name).then((heard) => ({ heard, name }));
    void answer.catch(unheard).then(({ heard, name: pressed }) => {
      tell(`${by} requests the start of key ${key} (${kind}): ${heard}`);
      const hour = kind !== "case" && pressed !== undefined ? { hour: Number(pressed.split("#").at(-1)) } : {};
      chronicle.starts.push({ key, by, kind: kind === "case" ? kind : "stop", at, heard, ...hour });
    });
  }

  async #press(by: PersonName, button: ChangeButton, subject: string) {
    const { clock, slack } = this.#stage.sim;
    return await press(slack, async (ms) => await clock.sleep(ms), by, { button, subject });
  }

  /** The newest question about a change of `subject`, by what people were sent. */
  #asked(operation: string, subject: string): string | undefined {
    const { slack, stack } = this.#stage.sim;
    const sent = JSON.stringify([slack.messages.map(({ blocks }) => blocks), stack.topic.mails]);
    const names = sent.split(`reprieve approve 'change#${operation}#${subject}#`).slice(1);
    const hours = names.flatMap((text) => /^\d+(?=')/.exec(text) ?? []).map(Number);
    return hours.length === 0 ? undefined : `change#${operation}#${subject}#${Math.max(...hours)}#permit`;
  }

  /** Notes a statement when its answer is there, with the time at which it was made. */
  #note(
    about: Omit<ChangeStatement, "heard" | "heardAt" | "permit">,
    answer: Promise<{ readonly heard: Heard; readonly name?: string; readonly permit?: string }>,
  ): void {
    const { sim, chronicle, tell } = this.#stage;
    void answer.catch(unheard).then(({ heard, name, permit = name }) => {
      const { by, step, operation, subject } = about;
      tell(`${by}: ${step} a change (${operation}) of ${subject}: ${heard}`);
      const heardAt = sim.clock.now();
      // The newest button may be about the other kind of permit.
      const kind = permit === undefined ? about.kind : permit.endsWith("#permit") ? "question" : "plan";
      chronicle.decisions.push({ ...about, kind, heard, heardAt, ...(permit !== undefined && { permit }) });
      if (step === "request" && permit !== undefined) this.#plans.set(`${operation} ${subject}`, permit);
    });
  }

  #spare(key: number, n: number): string {
    const { sim, plan } = this.#stage;
    const name = `${key} ${n}`;
    const made =
      this.#spares.get(name) ??
      sim.stack.controlPlane.seed(unnamed(plan.keys[key] ?? "card", firstSpare + 10 * key + n));
    this.#spares.set(name, made);
    return made;
  }

  /** The alias that a key had at first. */
  #aliasOf(key: number): string {
    const { plan } = this.#stage;
    return firstAliasOf(plan.keys[key] ?? "card", key, plan.hostile);
  }

  #keyState(key: number) {
    return this.#stage.sim.stack.controlPlane.keys().find(({ KeyArn }) => KeyArn === this.#stage.arns[key]);
  }
}

/** A person without an answer does not know the result. */
function unheard(): { readonly heard: Heard; readonly name?: string; readonly permit?: string } {
  return { heard: "unknown" };
}
