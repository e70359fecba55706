import { randomUUID } from "node:crypto";
import type { LocalQueue } from "../queue/local-queue.ts";
import { compilePattern, type EventMatcher } from "./event-pattern.ts";

export interface LocalRule {
  readonly name: string;
  readonly busName: string;
  readonly pattern: unknown;
  readonly targets: readonly LocalQueue[];
}

export interface LocalBusOptions {
  readonly account: string;
  readonly region: string;
  readonly now: () => number;
  readonly busNames: readonly string[];
  readonly rules: readonly LocalRule[];
}

export type Observer = (envelope: object) => void;

/** EventBridge on this machine: buses, the packaged template's own rules, and queues as targets. */
export class LocalBus {
  readonly #options: LocalBusOptions;
  readonly #rules: readonly (LocalRule & { readonly matches: EventMatcher })[];
  readonly #observers = new Map<string, Observer[]>();
  /** What becomes of an event on the default bus on its way to the rules: lost, doubled, held back. */
  delivery: (envelope: object) => readonly object[] = (envelope) => [envelope];

  constructor(options: LocalBusOptions) {
    this.#options = options;
    this.#rules = options.rules.map((rule) => ({ ...rule, matches: compilePattern(rule.pattern, rule.name) }));
  }

  /** Hears of everything put on `busName`. */
  observe(busName: string, observer: Observer): void {
    this.#observers.set(busName, [...(this.#observers.get(busName) ?? []), observer]);
  }

  /** An event of an AWS service: such events come on the default bus, and nobody else can send them. */
  emit(envelope: object): void {
    for (const each of this.delivery(envelope)) this.deliver("default", each);
  }

  deliver(busName: string, envelope: object): void {
    for (const observer of this.#observers.get(busName) ?? []) observer(envelope);
    for (const { busName: own, matches, targets } of this.#rules)
      if (own === busName && matches(envelope)) for (const queue of targets) queue.send(JSON.stringify(envelope));
  }

  /** The answer to PutEvents. */
  putEvents(request: Readonly<Record<string, unknown>>): object {
    const entries = Array.isArray(request["Entries"]) ? (request["Entries"] as Record<string, unknown>[]) : [];
    const answers = entries.map((entry) => this.#put(entry));
    return { FailedEntryCount: answers.filter((answer) => "ErrorCode" in answer).length, Entries: answers };
  }

  #put(entry: Readonly<Record<string, unknown>>): object {
    const { account, region, now, busNames } = this.#options;
    const busName =
      String(entry["EventBusName"] ?? "default")
        .split("/")
        .at(-1) ?? "";
    const source = String(entry["Source"] ?? "");
    if (source.startsWith("aws.")) return failure("NotAuthorizedForSourceException", "Not authorized for the source.");
    if (!["default", ...busNames].includes(busName))
      return failure("ResourceNotFoundException", "There is no such bus.");
    let detail: unknown;
    try {
      detail = JSON.parse(String(entry["Detail"]));
    } catch {
      return failure("MalformedDetail", "Detail is malformed.");
    }
    const id = randomUUID();
    const time = `${new Date(now()).toISOString().slice(0, 19)}Z`;
    const envelope = {
      version: "0",
      id,
      "detail-type": entry["DetailType"],
      source,
      account,
      time,
      region,
      resources: [],
      detail,
    };
    this.deliver(busName, envelope);
    return { EventId: id };
  }
}

function failure(code: string, message: string): object {
  return { ErrorCode: code, ErrorMessage: message };
}
