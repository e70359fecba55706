import { randomBytes } from "node:crypto";
import { Refusal } from "./refusal.ts";

/** How long (ms) a trigger can be exchanged. */
const lifetimeMs = 3_000;

/** Who pressed, and where. */
export interface Press {
  readonly user: string;
  readonly channel: string;
}

/** What lets an app open a dialog in answer to a press: for three seconds, and once. */
export class Triggers {
  readonly #now: () => number;
  readonly #issued = new Map<string, Press & { readonly at: number; exchanged: boolean }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(press: Press): string {
    const id = `${this.#issued.size + 1}.${Math.floor(this.#now())}.${randomBytes(16).toString("hex")}`;
    this.#issued.set(id, { ...press, at: this.#now(), exchanged: false });
    return id;
  }

  /** Throws a Refusal for a trigger that nobody pressed, that is too old, or used. */
  exchange(id: string): Press {
    const press = this.#issued.get(id);
    if (press === undefined) throw new Refusal("invalid_trigger_id");
    if (press.exchanged) throw new Refusal("exchanged_trigger_id");
    if (this.#now() - press.at > lifetimeMs) throw new Refusal("expired_trigger_id");
    press.exchanged = true;
    return press;
  }
}
