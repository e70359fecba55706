import type { ServiceName } from "../../aws/service-name.ts";

/**
 * How a service treats a request: `refuse` resets the connection, `error` answers 500, `hang` never answers, `throttle` says that it
 * was too much, `slow` takes two seconds; `crash-before` and `crash-after` end the function that calls, before the request is carried
 * out or before the answer is on its way.
 */
export const faults = ["up", "refuse", "error", "hang", "throttle", "slow", "crash-before", "crash-after"] as const;
export type Fault = (typeof faults)[number];

/** What happens to the next request to `service`; asked once per request. */
export type FaultPlan = (service: ServiceName) => Fault;

/** Faults by switch, and by a plan for what is not switched. */
export class Faults {
  readonly #switches = new Map<ServiceName, Fault>();
  plan: FaultPlan = () => "up";

  /** Every request to `service` fails so from now on, until it is `up` again. */
  set(service: ServiceName, fault: Fault): void {
    this.#switches.set(service, fault);
  }

  /** What `service` is switched to. */
  faultOf(service: ServiceName): Fault {
    return this.#switches.get(service) ?? "up";
  }

  /** Nothing fails any more, neither by switch nor by plan. */
  mendAll(): void {
    this.#switches.clear();
    this.plan = () => "up";
  }

  next(service: ServiceName): Fault {
    const switched = this.faultOf(service);
    return switched === "up" ? this.plan(service) : switched;
  }
}
