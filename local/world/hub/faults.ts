import type { ServiceName } from "../../aws/service-name.ts";

/**
 * How a service treats a request: `refuse` resets the connection, `error` answers 500, `hang` never answers, `throttle` says that it
 * was too much, `slow` takes two seconds; `crash-before` and `crash-after` end the function that calls, before the request is carried
 * out or before the answer is on its way.
 */
export const faults = ["up", "refuse", "error", "hang", "throttle", "slow", "crash-before", "crash-after"] as const;
export type Fault = (typeof faults)[number];

/** Who meets a fault: everyone, or the functions of the stack alone, so that people and tools still reach the services. */
export const faultScopes = ["everyone", "guard"] as const;
export type FaultScope = (typeof faultScopes)[number];

/** What happens to the next request to `service`; asked once per request. */
export type FaultPlan = (service: ServiceName) => Fault;

/** Faults by switch, and by a plan for what is not switched. */
export class Faults {
  readonly #switches = new Map<ServiceName, { readonly fault: Fault; readonly scope: FaultScope }>();
  plan: FaultPlan = () => "up";

  /** Every request to `service` fails so from now on, until it is `up` again. */
  set(service: ServiceName, fault: Fault, scope: FaultScope = "everyone"): void {
    this.#switches.set(service, { fault, scope });
  }

  /** What `service` is switched to. */
  faultOf(service: ServiceName): Fault {
    return this.#switches.get(service)?.fault ?? "up";
  }

  /** Who meets what `service` is switched to. */
  scopeOf(service: ServiceName): FaultScope {
    return this.#switches.get(service)?.scope ?? "everyone";
  }

  /** Nothing fails any more, neither by switch nor by plan. */
  mendAll(): void {
    this.#switches.clear();
    this.plan = () => "up";
  }

  /** Returns what happens to the next request of a function of the stack, or of someone else. */
  next(service: ServiceName, isOfGuard: boolean): Fault {
    const switched = isOfGuard || this.scopeOf(service) === "everyone" ? this.faultOf(service) : "up";
    return switched === "up" ? this.plan(service) : switched;
  }
}
