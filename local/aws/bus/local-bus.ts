import { randomUUID } from "node:crypto";
import type { ServiceResponse } from "../service-request.ts";
import { compilePattern, type EventMatcher } from "./event-pattern.ts";

/** A queue, or a topic with what it makes of an event. */
export interface LocalTarget {
  /** Takes an event, as JSON. */
  send(text: string): void;
}

export type RuleState = "ENABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" | "DISABLED";

export interface LocalRule {
  readonly name: string;
  readonly busName: string;
  readonly pattern: unknown;
  readonly state: RuleState;
  readonly targets: readonly LocalTarget[];
}

export interface LocalBusOptions {
  readonly account: string;
  readonly region: string;
  readonly now: () => number;
  readonly busNames: readonly string[];
  readonly rules: readonly LocalRule[];
}

export type Observer = (envelope: object) => void;

type KnownRule = LocalRule & { readonly matches: EventMatcher };

const ruleOperations = ["DescribeRule", "EnableRule", "ListTargetsByRule"];

/** EventBridge on this machine: buses, the packaged template's own rules, and queues and topics as targets. */
export class LocalBus {
  readonly #options: LocalBusOptions;
  #rules: readonly KnownRule[];
  readonly #observers = new Map<string, Observer[]>();
  /** What happens to an event on the default bus on its way to the rules: lost, doubled, held back. */
  delivery: (envelope: object) => readonly object[] = (envelope) => [envelope];

  constructor(options: LocalBusOptions) {
    this.#options = options;
    this.#rules = options.rules.map((rule) => ({ ...rule, matches: compilePattern(rule.pattern, rule.name) }));
  }

  /** Is called for everything put on `busName`. */
  observe(busName: string, observer: Observer): void {
    this.#observers.set(busName, [...(this.#observers.get(busName) ?? []), observer]);
  }

  /** An event of an AWS service: such events come on the default bus, and nobody else can send them. */
  emit(envelope: object): void {
    for (const each of this.delivery(envelope)) this.deliver("default", each);
  }

  deliver(busName: string, envelope: object): void {
    for (const observer of this.#observers.get(busName) ?? []) observer(envelope);
    for (const { busName: own, matches, targets, state } of this.#rules)
      if (own === busName && receives(state, envelope) && matches(envelope))
        for (const target of targets) target.send(JSON.stringify(envelope));
  }

  /** What someone does to the rule `name` by hand: enable or disable it, take away its targets, delete it. */
  changeRule(name: string, change: RuleState | "WITHOUT_TARGETS" | "DELETED"): void {
    this.#rules = this.#rules.flatMap((rule) => {
      if (rule.name !== name) return rule;
      if (change === "DELETED") return [];
      return change === "WITHOUT_TARGETS" ? { ...rule, targets: [] } : { ...rule, state: change };
    });
  }

  /** The answer to an operation of EventBridge's API. */
  handle(operation: string, body: Readonly<Record<string, unknown>>): ServiceResponse {
    if (operation === "PutEvents") return { status: 200, body: this.putEvents(body) };
    if (!ruleOperations.includes(operation)) return { status: 400, body: { __type: "UnknownOperationException" } };
    const name = String(body["Name"] ?? body["Rule"]);
    const busName = busNameIn(body["EventBusName"]);
    const rule = this.#rules.find((each) => each.name === name && each.busName === busName);
    if (rule === undefined)
      return { status: 400, body: { __type: "ResourceNotFoundException", message: `Rule ${name} does not exist.` } };
    const { state, targets } = rule;
    if (operation === "EnableRule") {
      this.#rules = this.#rules.map((each) => (each === rule ? { ...each, state: "ENABLED" } : each));
      return { status: 200, body: {} };
    }
    return operation === "DescribeRule"
      ? { status: 200, body: { Name: name, EventBusName: busName, State: state } }
      : { status: 200, body: { Targets: targets.map((_, n) => ({ Id: String(n), Arn: "arn:aws:local" })) } };
  }

  /** The answer to PutEvents. */
  putEvents(request: Readonly<Record<string, unknown>>): object {
    const entries = Array.isArray(request["Entries"]) ? (request["Entries"] as Record<string, unknown>[]) : [];
    const answers = entries.map((entry) => this.#put(entry));
    return { FailedEntryCount: answers.filter((answer) => "ErrorCode" in answer).length, Entries: answers };
  }

  #put(entry: Readonly<Record<string, unknown>>): object {
    const { account, region, now, busNames } = this.#options;
    const busName = busNameIn(entry["EventBusName"]);
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

/** Calls that only read are given to rules of one state alone. */
function receives(state: RuleState, envelope: object): boolean {
  const { detail } = envelope as { readonly detail?: { readonly readOnly?: unknown } };
  return state === "ENABLED" ? detail?.readOnly !== true : state !== "DISABLED";
}

/** The name of a bus that is given by its name or ARN. */
function busNameIn(nameOrArn: unknown): string {
  return (
    String(nameOrArn ?? "default")
      .split("/")
      .at(-1) ?? ""
  );
}

function failure(code: string, message: string): object {
  return { ErrorCode: code, ErrorMessage: message };
}
