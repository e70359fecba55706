import type { Delivery, Fate } from "./fate.ts";
import type { Random } from "./random.ts";

/** What a caller gets. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The body never ends. */
  readonly stalled: boolean;
}

/** Mostly some ms, now and then much longer: this is what puts answers into another order. */
export function latencyMs(random: Random, fate: Fate | undefined): number {
  const drawn = random.next();
  const usual =
    drawn < 0.9 ? 1 + drawn * 20 : drawn < 0.99 ? 20 + (drawn - 0.9) * 2_000 : 200 + (drawn - 0.99) * 100_000;
  return Math.round(usual + (fate === "slow" ? 900 : 0));
}

export function answeredOf({ answer, truncated, stalled }: Exclude<Delivery, string>, now: number): Answered {
  const { status, body, headers } = answer;
  const isText = typeof body === "string";
  const whole = Buffer.from(isText ? body : JSON.stringify(body));
  return {
    status,
    headers: {
      ...{ "content-type": isText ? "text/xml" : "application/x-amz-json-1.0", date: new Date(now).toUTCString() },
      ...headers,
    },
    body: truncated ? whole.subarray(0, whole.length >> 1) : whole,
    stalled: stalled === true,
  };
}
