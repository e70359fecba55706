import { randomUUID } from "node:crypto";
import { ApiError, conflictError, notFoundError, validationError } from "./api-error.ts";
import { apiCallEnvelope, type Caller, destructionEnvelope } from "./cloudtrail-record.ts";
import { type KeyRecord, KeyRecords, pageOf } from "./key-records.ts";
import { type KeySpec, randomKcv, seededKey } from "./key-seed.ts";
import { performOnLabels } from "./label-operations.ts";
import { isOperation, validateRequest } from "./request-validation.ts";
import { createThrottle } from "./throttle.ts";

export interface ControlPlaneOptions {
  readonly account: string;
  readonly region: string;
  /** ms since the epoch; may jump. */
  readonly now: () => number;
  /** Gets the EventBridge envelope of every call that writes, and of every destruction. */
  readonly onRecord: (envelope: object) => void;
}

/** How this fake behaves where AWS does not say, or says two things. May be changed at any time. */
export interface ControlPlaneSettings {
  /** AWS's own examples of delete-key differ in `Enabled`. */
  deletionDisablesKey: boolean;
  /** How late the final destruction comes; the service allows itself 24 h. */
  lateDestructionMs: number;
  /** How long GetKey answers for a destroyed key is unknown. */
  destroyedKeyAnswers: "complete" | "not-found";
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

type Request = Readonly<Record<string, unknown>>;

const day = 86_400;
const readOnly = new Set(["GetAlias", "GetKey", "ListAliases", "ListKeys", "ListTagsForResource"]);

/** The control plane of AWS Payment Cryptography for one account and region, in memory. */
export class ControlPlane {
  readonly settings: ControlPlaneSettings = {
    deletionDisablesKey: true,
    lateDestructionMs: 0,
    destroyedKeyAnswers: "complete",
  };
  readonly calls: Call[] = [];
  readonly #options: ControlPlaneOptions;
  readonly #records = new KeyRecords();
  #throttle: () => boolean = () => true;

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
  }

  /** Answers ThrottlingException above `perSecond` calls a second, whoever calls; null lifts the limit. */
  limitTo(perSecond: number | null): void {
    this.#throttle = perSecond === null ? () => true : createThrottle(perSecond, this.#options.now);
  }

  /** One awsJson1_0 call. Errors are answers. */
  handle(operation: string, body: unknown, caller: Caller): ApiAnswer {
    this.tick();
    try {
      if (!isOperation(operation)) throw new ApiError("UnknownOperationException", {});
      if (!this.#throttle()) throw new ApiError("ThrottlingException", { Message: "Rate exceeded" });
      const response = this.#perform(operation, validateRequest(operation, body));
      this.#note(operation, caller, body, { response });
      return { status: 200, body: response };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#note(operation, caller, body, { error });
      return { status: error.status, body: { __type: error.name, ...error.body } };
    }
  }

  /** Destroys what is due by the clock. */
  tick(): void {
    const now = this.#options.now();
    for (const key of this.#records.keys.values()) {
      const due = (key.DeletePendingTimestamp ?? Number.POSITIVE_INFINITY) * 1000 + this.settings.lateDestructionMs;
      if (key.KeyState !== "DELETE_PENDING" || now <= due) continue;
      key.KeyState = "DELETE_COMPLETE";
      key.Enabled = false;
      key.DeleteTimestamp = due / 1000;
      delete key.DeletePendingTimestamp;
      this.#options.onRecord(destructionEnvelope(this.#options, due, key.KeyArn));
    }
  }

  /** Makes a key as if it had been there before. */
  seed(spec: KeySpec = {}): string {
    const arn = this.#arnOf(spec.keyId ?? randomKeyId());
    this.#records.add(seededKey(arn, spec, this.#options.now()), spec.tags ?? {});
    if (spec.alias !== undefined) this.#records.createAlias(spec.alias, arn);
    return arn;
  }

  /** A copy of every key, with its aliases and tags. */
  keys(): readonly LabelledKey[] {
    const aliases = Map.groupBy(this.#records.aliasesOf(undefined), ({ KeyArn }) => KeyArn ?? "");
    return [...this.#records.keys.values()].map((key) => ({
      ...key,
      aliases: (aliases.get(key.KeyArn) ?? []).map(({ AliasName }) => AliasName),
      tags: Object.fromEntries(this.#records.tagsOf(key.KeyArn)),
    }));
  }

  /** The first alias of a key, if it has one. */
  aliasOf(keyArn: string): string | undefined {
    return this.#records.aliasesOf(keyArn)[0]?.AliasName;
  }

  #note(operation: string, caller: Caller, request: unknown, outcome: { response?: object; error?: ApiError }): void {
    const { now, onRecord } = this.#options;
    const errorName = outcome.error?.name;
    this.calls.push({ at: now(), operation, accessKeyId: caller.accessKeyId, ...(errorName && { errorName }) });
    if (readOnly.has(operation) || !isOperation(operation)) return;
    onRecord(apiCallEnvelope(this.#options, now(), { operation, caller, request, ...outcome }));
  }

  #perform(operation: string, request: Request): object {
    switch (operation) {
      case "CreateKey":
        return { Key: this.#create(request) };
      case "GetKey":
        return { Key: { ...this.#findKey(request) } };
      case "ListKeys":
        return this.#list(request);
      case "DeleteKey":
        return { Key: this.#delete(request) };
      case "RestoreKey":
        return { Key: this.#restore(request) };
      case "StartKeyUsage":
        return { Key: this.#setUsage(request, true) };
      case "StopKeyUsage":
        return { Key: this.#setUsage(request, false) };
      default:
        return performOnLabels(this.#records, operation, request);
    }
  }

  #findKey(request: Request): KeyRecord {
    const identifier = String(request["KeyIdentifier"]);
    const key = this.#records.find(identifier);
    if (key.KeyState === "DELETE_COMPLETE" && this.settings.destroyedKeyAnswers === "not-found")
      throw notFoundError(identifier);
    return key;
  }

  #create(request: Request): KeyRecord {
    const now = this.#options.now() / 1000;
    const enabled = request["Enabled"] !== false;
    const key: KeyRecord = {
      KeyArn: this.#arnOf(randomKeyId()),
      KeyAttributes: request["KeyAttributes"] as KeyRecord["KeyAttributes"],
      KeyCheckValue: randomKcv(),
      KeyCheckValueAlgorithm: String(request["KeyCheckValueAlgorithm"] ?? "ANSI_X9_24"),
      Exportable: request["Exportable"] === true,
      KeyOrigin: "AWS_PAYMENT_CRYPTOGRAPHY",
      CreateTimestamp: now,
      Enabled: enabled,
      KeyState: "CREATE_COMPLETE",
      ...(enabled && { UsageStartTimestamp: now }),
    };
    const tags = (request["Tags"] ?? []) as { Key: string; Value: string }[];
    this.#records.add(key, Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])));
    return { ...key };
  }

  #list(request: Request): object {
    const state = request["KeyState"];
    const keys = [...this.#records.keys.values()].filter(({ KeyState }) => state === undefined || KeyState === state);
    const { items, ...token } = pageOf(keys, request);
    const summaries = items.map(({ KeyArn, KeyState, KeyAttributes, KeyCheckValue, Exportable, Enabled }) => {
      return { KeyArn, KeyState, KeyAttributes, KeyCheckValue, Exportable, Enabled };
    });
    return { Keys: summaries, ...token };
  }

  #delete(request: Request): KeyRecord {
    const key = this.#findKey(request);
    if (key.KeyState !== "CREATE_COMPLETE") throw validationError(`Key ${key.KeyArn} is not in CREATE_COMPLETE state.`);
    const now = this.#options.now() / 1000;
    key.KeyState = "DELETE_PENDING";
    key.DeletePendingTimestamp = now + Number(request["DeleteKeyInDays"] ?? 7) * day;
    if (this.settings.deletionDisablesKey && key.Enabled) {
      key.Enabled = false;
      key.UsageStopTimestamp = now;
    }
    return { ...key };
  }

  #restore(request: Request): KeyRecord {
    const key = this.#findKey(request);
    if (key.KeyState !== "DELETE_PENDING") throw validationError(`Key ${key.KeyArn} is not in DELETE_PENDING state.`);
    if (key.MultiRegionKeyType === "REPLICA") throw validationError(`Key ${key.KeyArn} is a replica.`);
    key.KeyState = "CREATE_COMPLETE";
    delete key.DeletePendingTimestamp;
    return { ...key };
  }

  #setUsage(request: Request, enabled: boolean): KeyRecord {
    const key = this.#findKey(request);
    if (key.KeyState !== "CREATE_COMPLETE") throw conflictError(`Key ${key.KeyArn} is not in CREATE_COMPLETE state.`);
    const now = this.#options.now() / 1000;
    if (enabled && !key.Enabled) key.UsageStartTimestamp = now;
    if (!enabled && key.Enabled) key.UsageStopTimestamp = now;
    key.Enabled = enabled;
    return { ...key };
  }

  #arnOf(keyId: string): string {
    const { region, account } = this.#options;
    return `arn:aws:payment-cryptography:${region}:${account}:key/${keyId}`;
  }
}

function randomKeyId(): string {
  return randomUUID().replaceAll("-", "").slice(0, 16);
}
