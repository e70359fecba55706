import type { ServiceName } from "../../aws/service-name.ts";
import { custodianRole, reaper } from "../../world/people.ts";
import type { World } from "../../world/world.ts";
import { reprieveAs } from "../demo/command.ts";
import { SlackActions } from "../demo/slack-actions.ts";
import { callerFor, keysPerKind, personOf, specOf } from "./cast.ts";
import { chance } from "./chance.ts";
import { type Fate, faultOf, type KeyKind, type PlannedAct } from "./plan.ts";

type Envelope = Readonly<Record<string, unknown>>;

/** How late a late event is (ms): later than the sweep waits for it. */
const latenessMs = 20 * 60_000;

/** The local world with the people, the keys and the bad luck of a plan. */
export class SoakWorld {
  readonly world: World;
  /** How often each thing was done. */
  readonly done: Record<string, number> = {};
  /** How far the clock was set back in all (ms). */
  setBackMs = 0;
  readonly #seed: number;
  readonly #slack: SlackActions;
  readonly #kinds = new Map<string, KeyKind>();
  readonly #events: Envelope[] = [];
  /** Names of permits that were asked for; some of them were not given a number. */
  readonly #permits: string[] = [];
  readonly #busy = new Set<Promise<unknown>>();
  #fate: Fate = "on-time";
  #made = 0;

  constructor(world: World, seed: number) {
    this.world = world;
    this.#seed = seed;
    this.#slack = new SlackActions(world);
    world.bus.delivery = (envelope) => this.#deliveriesOf(envelope as Envelope);
    world.hub.faults.plan = (service) => this.#faultFor(service);
    world.slack.plan = () => (chance(seed, "slack", this.#count("slack")) < 0.04 ? "rate-limited" : "up");
    for (const kind of ["card", "pin", "derivation", "test"] as const)
      for (let n = 0; n < keysPerKind; n++) this.#make(kind);
  }

  perform(act: PlannedAct): void {
    this.#count(act.do);
    const { world } = this;
    switch (act.do) {
      case "delete":
        this.#delete(act);
        break;
      case "vote":
        this.#vote(act);
        break;
      case "permit":
        this.#permit(act);
        break;
      case "restore-by-hand":
        this.#restoreByHand(act.drawn);
        break;
      case "replay":
        for (const again of one(this.#events, act.drawn)) world.bus.deliver("default", again);
        break;
      case "break":
        this.#setFault(act.service, act.fault);
        break;
      case "mend":
        this.#setFault(act.service, "up");
        break;
      case "crash":
        this.#inBackground(world.functions.get(act.function)?.kill());
        break;
      case "jump":
        this.setBackMs -= Math.min(0, act.ms);
        world.clock.jump(act.ms);
        break;
      case "sweep":
        this.#inBackground(world.sweep());
        break;
    }
  }

  /** Nothing goes wrong any more, and whatever was under way comes to its end. */
  async calm(): Promise<void> {
    this.world.hub.faults.mendAll();
    this.world.slack.fault = "up";
    this.world.slack.plan = () => "up";
    this.#fate = "on-time";
    await Promise.allSettled(this.#busy);
  }

  #setFault(service: ServiceName | "slack", fault: "up" | "refuse" | "error" | "hang"): void {
    if (service === "slack") this.world.slack.fault = fault;
    else this.world.hub.faults.set(service, fault);
  }

  #delete({ key: kind, person, days, fate, drawn }: PlannedAct & { readonly do: "delete" }): void {
    const { controlPlane } = this.world;
    const alive = controlPlane.keys().filter(({ KeyState }) => KeyState === "CREATE_COMPLETE");
    const ofKind = alive.filter(({ KeyArn }) => this.#kinds.get(KeyArn) === kind);
    // Alice, who has a permit now and then, means that key.
    const meant = person === "alice" && alive.find(({ KeyArn }) => this.#permits.at(-1)?.startsWith(`${KeyArn}#`));
    const keyArn = (meant || one(ofKind, drawn)[0])?.KeyArn ?? this.#make(kind);
    this.#fate = fate;
    controlPlane.handle("DeleteKey", { KeyIdentifier: keyArn, DeleteKeyInDays: days }, callerFor(person));
    this.#fate = "on-time";
    this.#count(`event ${fate}`);
  }

  #vote({ person, choice, drawn }: PlannedAct & { readonly do: "vote" }): void {
    const asked = [...this.#kinds.keys()].filter((arn) => this.#slack.message(arn)?.text.includes('"approve"'));
    const [keyArn] = one(asked, drawn);
    if (keyArn === undefined || person === "reaper") return;
    this.#inBackground(
      choice === "keep" ? this.#slack.press(person, keyArn, "keep") : this.#slack.approve(person, keyArn),
    );
  }

  /** Of a PIN key, for alice: she deletes one now and then. A word on a permit that is none yet is refused, and no harm. */
  #permit({ person, word, drawn }: PlannedAct & { readonly do: "permit" }): void {
    const { endpoint } = this.world;
    const commonArguments = ["--reason", "CHG-9", "--sts-url", `${endpoint}/`];
    const pins = [...this.#kinds].flatMap(([arn, kind]) => (kind === "pin" ? [arn] : []));
    const about = word === "request" ? one(pins, drawn) : this.#permits.slice(-1);
    const [name] = about;
    if (name === undefined) return;
    const asking = word === "request";
    const whom = ["--principal", custodianRole, "--person", "alice", "--notice", "3d"];
    const wish = asking ? [...whom, "--rule", "pin-keys-need-two-custodians"] : [];
    if (asking)
      this.#permits.push(`${name}#p${this.#permits.filter((each) => each.startsWith(`${name}#`)).length + 1}`);
    const says = reprieveAs(this.world, personOf(person), ["permit", word, name, ...wish, ...commonArguments]);
    this.#inBackground(says.then((status) => this.#count(`permit ${word} ${status === 0 ? "counted" : "refused"}`)));
  }

  #restoreByHand(drawn: number): void {
    const { controlPlane } = this.world;
    const pending = controlPlane.keys().filter(({ KeyState }) => KeyState === "DELETE_PENDING");
    const [key] = one(pending, drawn);
    if (key !== undefined) controlPlane.handle("RestoreKey", { KeyIdentifier: key.KeyArn }, callerFor("carol"));
  }

  #make(kind: KeyKind): string {
    this.#made += 1;
    const keyArn = this.world.controlPlane.seed({
      keyId: `soak${kind}${String(this.#made).padStart(12, "0")}`,
      ...specOf(kind, this.#made),
    });
    this.#kinds.set(keyArn, kind);
    return keyArn;
  }

  #deliveriesOf(envelope: Envelope): readonly Envelope[] {
    const { detail } = envelope as { detail: { eventName?: string } };
    if (detail.eventName !== "DeleteKey") return [envelope];
    this.#events.push(envelope);
    switch (this.#fate) {
      case "on-time":
        return [envelope];
      case "lost":
        return [];
      case "doubled":
        return [envelope, envelope];
      case "late":
        this.world.clock.after(latenessMs, () => this.world.bus.deliver("default", envelope));
        return [];
      case "forged":
        return [{ ...envelope, detail: { ...detail, userIdentity: reaper.userIdentity } }];
    }
  }

  #faultFor(service: ServiceName) {
    const fault = faultOf(this.#seed, service, this.#count(`${service} request`));
    if (fault !== "up") this.#count(`fault ${fault}`);
    return fault;
  }

  #count(name: string): number {
    this.done[name] = (this.done[name] ?? 0) + 1;
    return this.done[name];
  }

  #inBackground(work: Promise<unknown> | undefined): void {
    if (work === undefined) return;
    const ended = work.catch(() => {}).finally(() => this.#busy.delete(ended));
    this.#busy.add(ended);
  }
}

/** One of `items`, or none where there is none. */
function one<Item>(items: readonly Item[], drawn: number): readonly Item[] {
  return items.slice(Math.floor(drawn * items.length)).slice(0, 1);
}
