import type { ServiceResponse } from "./service-request.ts";

interface RecordedEvent {
  readonly at: number;
  readonly name: string;
  readonly id: string;
  readonly record: object;
}

/** CloudTrail's event history on this machine: every record of the control plane, newest first, 50 a page. */
export class LocalEventHistory {
  /** How long a call takes to show up; AWS says about five minutes. */
  lagMs = 0;
  readonly #now: () => number;
  readonly #events: RecordedEvent[] = [];

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
    if (operation !== "LookupEvents") return { status: 400, body: { __type: "UnknownOperationException" } };
    const {
      LookupAttributes = [],
      MaxResults = 50,
      NextToken,
    } = body as {
      LookupAttributes?: { AttributeKey: string; AttributeValue: string }[];
      MaxResults?: number;
      NextToken?: string;
    };
    const name = LookupAttributes.find(({ AttributeKey }) => AttributeKey === "EventName")?.AttributeValue;
    const shown = this.#events
      .filter((event) => event.at <= this.#now() - this.lagMs && (name === undefined || event.name === name))
      .toReversed();
    const from = Number(NextToken ?? 0);
    const page = shown.slice(from, from + MaxResults);
    return {
      status: 200,
      body: {
        Events: page.map(({ at, id, name: EventName, record }) => ({
          EventId: id,
          EventName,
          EventTime: at / 1000,
          CloudTrailEvent: JSON.stringify(record),
        })),
        ...(from + MaxResults < shown.length && { NextToken: String(from + MaxResults) }),
      },
    };
  }
}
