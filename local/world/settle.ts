import type { LocalQueue } from "../aws/queue/local-queue.ts";
import type { MovableClock } from "../clock/clock.ts";

export interface Settling {
  readonly clock: Pick<MovableClock, "now" | "jump">;
  readonly queues: readonly LocalQueue[];
  /** Whether something is being worked on. */
  readonly busy: () => boolean;
  readonly advance: boolean;
}

/** Resolves when nothing is being worked on and no message is visible; with `advance` time passes until none is left. */
export async function settle({ clock, queues, busy, advance }: Settling): Promise<void> {
  for (;;) {
    const messages = queues.flatMap((queue) => queue.messages);
    const working = busy() || queues.some((queue) => queue.visible.length > 0);
    if (!working && (!advance || messages.length === 0)) return;
    // A message of a FIFO queue may be visible, and wait for the one ahead of it.
    const later = messages.map(({ visibleAt }) => visibleAt).filter((at) => at > clock.now());
    if (!working && later.length > 0) clock.jump(Math.min(...later) - clock.now());
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
