import type { KeyArn } from "../../domain/key/key-arn.ts";
import { hourMs } from "../../domain/time.ts";

/** How long (ms) such a restore is remembered: about as long as a message is retried. */
const rememberedForMs = hourMs;

/**
 * The keys that this instance restored while the store could record nothing. A later run of the instance recognizes its own restore by it,
 * and completes it; another instance takes it for another person's.
 */
export class UnrecordedRestores {
  readonly #restoredAt = new Map<KeyArn, number>();

  /** `now` in ms. */
  note(arn: KeyArn, now: number): void {
    for (const [each, at] of this.#restoredAt) if (now - at > rememberedForMs) this.#restoredAt.delete(each);
    this.#restoredAt.set(arn, now);
  }

  /** Returns whether the key was restored by this instance less than an hour ago. `now` in ms. */
  has(arn: KeyArn, now: number): boolean {
    const at = this.#restoredAt.get(arn);
    return at !== undefined && now - at <= rememberedForMs;
  }
}
