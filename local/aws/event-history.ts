import type { ServiceResponse } from "./service-request.ts";

interface RecordedEvent {
  readonly at: number;
  readonly name: string;
  readonly id: string;
  readonly record: object;
}

interface LookupEvents {
  readonly LookupAttributes?: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
  /** Seconds since the epoch; both ends are included. */
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** The most events of a page. */
const maxResults = 50;
/** LookupEvents requests that an account and Region may make in any second. */
const requestsPerSecond = 2;

/** CloudTrail's event history on this machine: every record of the control plane, newest first, 50 a page, two requests a second. */
export class LocalEventHistory {
  /** How long (ms) a call takes to show up; AWS says about five minutes. */
  lagMs = 0;
  readonly #now: () => number;
  readonly #events: RecordedEvent[] = [];
  readonly #requests: number[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Keeps the CloudTrail record inside of an EventBridge envelope. */
  keep(envelope: object): void {
    const { detail } = envelope as { detail: { eventName: string; eventID: string; eventTime: string } };
    this.#events.push({
      at: Date.parse(detail.eventTime),
      name: detail.eventName,
      id: detail.eventID,
      record: detail,
    });
  }

  handle(operation: string, body: Record<string, unknown>): ServiceResponse {
    if (operation !== "LookupEvents") return refused("UnknownOperationException", operation);
    if (this.#isThrottled()) return refused("ThrottlingException", "Rate exceeded");
    const { NextToken, MaxResults = maxResults, ...lookup } = body as LookupEvents;
    const { LookupAttributes = [] } = lookup;
    if (MaxResults < 1 || MaxResults > maxResults) return refused("InvalidMaxResultsException", "1 to 50");
    if (LookupAttributes.length > 1) return refused("InvalidLookupAttributesException", "one attribute");
    // A token belongs to one request: what it left off is what was kept before.
    const asked = JSON.stringify(lookup);
    const [left = String(this.#events.length), askedBefore = asked] = NextToken?.split(" of ") ?? [];
    if (askedBefore !== asked) return refused("InvalidNextTokenException", "the token is of another request");
    const shown = this.#found(lookup, Number(left));
    const page = shown.slice(0, MaxResults);
    const last = page.at(-1)?.index;
    return {
      status: 200,
      body: {
        Events: page.map(({ event }) => eventOf(event)),
        ...(shown.length > page.length && { NextToken: `${last} of ${asked}` }),
      },
    };
  }

  /** The events before the `left`th that match, newest first. */
  #found(
    { LookupAttributes: [by] = [], StartTime = 0, EndTime = Number.POSITIVE_INFINITY }: LookupEvents,
    left: number,
  ) {
    const until = this.#now() - this.lagMs;
    return this.#events
      .map((event, index) => ({ event, index }))
      .slice(0, left)
      .filter(({ event: { at, name, id } }) => {
        const isNamed = by === undefined || { EventName: name, EventId: id }[by.AttributeKey] === by.AttributeValue;
        return isNamed && at <= until && at / 1000 >= Math.floor(StartTime) && at / 1000 <= EndTime;
      })
      .toReversed();
  }

  #isThrottled(): boolean {
    const now = this.#now();
    while ((this.#requests[0] ?? now) <= now - 1000) this.#requests.shift();
    if (this.#requests.length >= requestsPerSecond) return true;
    this.#requests.push(now);
    return false;
  }
}

function eventOf({ at, id, name, record }: RecordedEvent): object {
  return { EventId: id, EventName: name, EventTime: at / 1000, CloudTrailEvent: JSON.stringify(record) };
}

function refused(code: string, message: string): ServiceResponse {
  return { status: 400, body: { __type: code, message } };
}
