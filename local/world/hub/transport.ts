import type { ServiceName } from "../../aws/service-name.ts";
import type { Faults } from "./faults.ts";

/** One call of AWS's APIs that was answered. */
export interface Carried {
  readonly service: ServiceName;
  readonly operation: string;
  readonly accessKeyId: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
  /** Its caller gets no answer of success although it was carried out. Absent for no. */
  readonly isAnswerLost?: boolean;
}

/** Where calls to the services can be watched. */
export interface ObservedCalls {
  /** Is called for every call that a service has carried out, at once after it, until the returned function is called. */
  observe(observer: (carried: Carried) => void): () => void;
}

/** What carries calls from the functions to the services, and fails on demand. */
export interface Transport extends ObservedCalls {
  readonly faults: Faults;
  /** Calls that the caller's role does not allow, in words. */
  readonly denied: readonly string[];
}
