import type { SimClock } from "./clock.ts";
import { bob, type LocalBus, type LocalEventHistory, type Person, reaper } from "./local.ts";
import { type EventFate, hour, minute } from "./plan.ts";
import type { Random } from "./random.ts";

interface CallRecord {
  readonly detail: {
    readonly eventName: string;
    readonly eventID: string;
    readonly eventTime: string;
    readonly responseElements?: { readonly key?: { readonly keyArn?: string } } | null;
  };
}

/** CloudTrail's two ways out of the control plane: the history, and events to the bus, each with its own delay and fate. */
export class EventFeed {
  /** When (ms) the guard is notified of the latest call, if its event is on time. */
  deliversAt = 0;
  /** What happens to the event of the deletion that is made now. */
  fate: EventFate = "on-time";
  readonly #clock: SimClock;
  readonly #random: Random;
  readonly #bus: () => LocalBus;
  readonly #history: () => LocalEventHistory;
  /** The newest record of a deletion, by the ARN of its key. */
  readonly #deletions = new Map<string, object>();

  constructor(clock: SimClock, random: Random, to: { bus: () => LocalBus; history: () => LocalEventHistory }) {
    this.#clock = clock;
    this.#random = random;
    this.#bus = to.bus;
    this.#history = to.history;
  }

  record(envelope: object): void {
    this.#history().keep(envelope);
    const { detail } = envelope as CallRecord;
    const deleted = detail.eventName === "DeleteKey" ? detail.responseElements?.key?.keyArn : undefined;
    if (deleted !== undefined) this.#deletions.set(deleted, envelope);
    const fate = detail.eventName === "DeleteKey" ? this.fate : "on-time";
    const delayMs = this.#delayMs();
    this.deliversAt = this.#clock.now() + delayMs;
    switch (fate) {
      case "lost":
        return;
      case "at-once":
        this.#deliver(envelope, 0);
        break;
      case "late":
        this.#deliver(envelope, delayMs + 3 * hour);
        break;
      case "doubled":
        this.#deliver(envelope, delayMs);
        this.#deliver(envelope, this.#delayMs());
        break;
      case "forged":
      case "framed":
        this.#deliver(
          forgedFrom(envelope as CallRecord, fate === "framed" ? bob : reaper),
          delayMs + this.#random.upTo(20 * minute) - 10 * minute,
        );
        this.#deliver(envelope, delayMs);
        break;
      case "replaced":
        this.#deliver(forgedFrom(envelope as CallRecord, reaper), delayMs);
        break;
      case "on-time":
        this.#deliver(envelope, delayMs);
        break;
    }
  }

  /** Delivers the newest record of a key's deletion once more; answers whether there is one. */
  replay(keyArn: string): boolean {
    const envelope = this.#deletions.get(keyArn);
    if (envelope !== undefined) this.#deliver({ ...envelope, "replay-name": "simulation" }, 0);
    return envelope !== undefined;
  }

  #deliver(envelope: object, delayMs: number): void {
    this.#clock.after(delayMs, () => this.#bus().deliver("default", envelope));
  }

  /** Mostly within a minute, now and then after ten: later events overtake earlier ones. */
  #delayMs(): number {
    const drawn = this.#random.next();
    return Math.round(drawn < 0.8 ? 2_000 + drawn * 75_000 : drawn * 10 * minute);
  }
}

/** Returns the record with another id, a second later, and by another. */
function forgedFrom(envelope: CallRecord, by: Person): object {
  const { detail } = envelope;
  const eventTime = `${new Date(Date.parse(detail.eventTime) + 1_000).toISOString().slice(0, 19)}Z`;
  const eventID = `f${detail.eventID.slice(1)}`;
  return { ...envelope, detail: { ...detail, eventID, eventTime, userIdentity: by.userIdentity } };
}
