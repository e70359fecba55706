import type { Place } from "../place.ts";
import { ApiError, throttlingError } from "./api-error.ts";
import { authorize } from "./authorization.ts";
import { apiCallEnvelope, type Caller, destructionEnvelope } from "./cloudtrail-record.ts";
import type { KeyRecord } from "./key-records.ts";
import { type KeySpec, seededKey } from "./key-seed.ts";
import type { Operation } from "./operation.ts";
import { operations } from "./operations.ts";
import { type ControlPlaneSettings, PlaneState, randomKeyId } from "./plane-state.ts";
import { settleReplication } from "./replication.ts";
import { validateRequest } from "./request-validation.ts";
import { isOperation, type OperationName } from "./service-model.ts";
import { createThrottle } from "./throttle.ts";

export interface ControlPlaneOptions extends Place {
  /** ms since the epoch; may jump. */
  readonly now: () => number;
  /** Gets the EventBridge envelope of every call that writes, and of every destruction. */
  readonly onRecord: (envelope: object) => void;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

/** One call as it came in; `at` in ms. */
export interface Call {
  readonly at: number;
  readonly operation: string;
  readonly accessKeyId: string;
  readonly errorName?: string;
}

export interface LabelledKey extends KeyRecord {
  readonly aliases: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** What every account gets: control-plane calls a second, in a Region, of all callers together. */
export const serviceCallsPerSecond = 5;

/** The control plane of AWS Payment Cryptography for one account and Region, in memory: all operations of AWS's API model. */
export class ControlPlane {
  readonly calls: Call[] = [];
  readonly #options: ControlPlaneOptions;
  readonly #state: PlaneState;
  #callsPerSecond: number | null = null;
  #throttle: () => boolean = () => true;

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
    this.#state = new PlaneState({ account: options.account, region: options.region }, options.now);
  }

  get settings(): ControlPlaneSettings {
    return this.#state.settings;
  }

  /** Calls a second that are answered; null without a limit. */
  get callsPerSecond(): number | null {
    return this.#callsPerSecond;
  }

  /** Answers ThrottlingException above `perSecond` calls a second, no matter who calls; null lifts the limit. */
  limitTo(perSecond: number | null): void {
    this.#callsPerSecond = perSecond;
    this.#throttle = perSecond === null ? () => true : createThrottle(perSecond, this.#options.now);
  }

  /** One awsJson1_0 call. Errors are answers. */
  handle(operation: string, body: unknown, caller: Caller): ApiAnswer {
    this.tick();
    try {
      if (!isOperation(operation)) throw unknownOperation(operation);
      if (!this.#throttle()) throw throttlingError();
      const response = this.#perform(operation, body, caller);
      this.#note(operation, caller, body, { response });
      return { status: 200, body: response };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#note(operation, caller, body, { error });
      return { status: error.status, body: { __type: error.name, ...error.body } };
    }
  }

  /** Destroys what is due by the clock, and finishes copies to other Regions. */
  tick(): void {
    const { nowMs, settings, records } = this.#state;
    settleReplication(this.#state);
    for (const key of records.keys.values()) {
      const due = (key.DeletePendingTimestamp ?? Number.POSITIVE_INFINITY) * 1000 + settings.lateDestructionMs;
      if (key.KeyState !== "DELETE_PENDING" || nowMs <= due) continue;
      key.KeyState = "DELETE_COMPLETE";
      key.Enabled = false;
      key.DeleteTimestamp = due / 1000;
      delete key.DeletePendingTimestamp;
      this.#options.onRecord(destructionEnvelope(this.#options, due, key.KeyArn));
    }
  }

  /** Makes a key as if it had been there before. Returns its ARN. */
  seed(spec: KeySpec = {}): string {
    const { records } = this.#state;
    const arn = this.#state.arnOf(spec.keyId ?? randomKeyId());
    records.add(seededKey(arn, spec, this.#options.now()), spec.tags ?? {});
    if (spec.alias !== undefined) records.createAlias(spec.alias, arn);
    if (spec.policy !== undefined) records.policies.set(arn, spec.policy);
    if (spec.deletionDisables !== undefined) records.disabledByDeletion.set(arn, spec.deletionDisables);
    return arn;
  }

  /** A copy of every key, with its aliases and tags. */
  keys(): readonly LabelledKey[] {
    const { records } = this.#state;
    const aliases = Map.groupBy(records.aliasesOf(undefined), ({ KeyArn }) => KeyArn ?? "");
    return [...records.keys.values()].map((key) => ({
      ...key,
      aliases: (aliases.get(key.KeyArn) ?? []).map(({ AliasName }) => AliasName),
      tags: Object.fromEntries(records.tagsOf(key.KeyArn)),
    }));
  }

  /** The state of a key, or undefined where there is no such key. */
  stateOf(keyArn: string): string | undefined {
    return this.#state.records.keys.get(keyArn)?.KeyState;
  }

  /** The first alias of a key, if it has one. */
  aliasOf(keyArn: string): string | undefined {
    return this.#state.records.aliasesOf(keyArn)[0]?.AliasName;
  }

  #perform<Name extends OperationName>(operation: Name, body: unknown, caller: Caller): object {
    const request = validateRequest(operation, body);
    authorize(this.#state, operation, request as Readonly<Record<string, unknown>>, caller);
    const perform: Operation<Name> = operations[operation];
    return perform(this.#state, request);
  }

  #note(operation: string, caller: Caller, request: unknown, outcome: { response?: object; error?: ApiError }): void {
    const { now, onRecord } = this.#options;
    const errorName = outcome.error?.name;
    this.calls.push({ at: now(), operation, accessKeyId: caller.accessKeyId, ...(errorName && { errorName }) });
    if (/^(Get|List)/.test(operation) || !isOperation(operation)) return;
    onRecord(apiCallEnvelope(this.#options, now(), { operation, caller, request, ...outcome }));
  }
}

function unknownOperation(operation: string): ApiError {
  const message = `this control plane has no operation \`${operation.slice(0, 100)}\`: see the API model of 2021-09-14`;
  return new ApiError("UnknownOperationException", { Message: message });
}
