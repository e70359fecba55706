import { maxPermitsRead } from "../../lib/domain/approval/change-permit.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import { type KeyArn, parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import type { PaymentKey } from "../../lib/domain/key/payment-key.ts";
import type { Chain } from "../../lib/domain/ledger/chain.ts";
import { type ChainName, changeChainName, changePermitChainName } from "../../lib/domain/ledger/chain-name.ts";
import { type ChangeName, changeNameFrom, changeNameText } from "../../lib/domain/ledger/change-name.ts";
import { changePermitNameFrom } from "../../lib/domain/ledger/change-permit-name.ts";
import type { Call, Members } from "../../lib/domain/operations/call.ts";
import type { ApiCall, Shown } from "../../lib/domain/operations/operation.ts";
import { subjectText } from "../../lib/domain/operations/subject.ts";
import type { Requester } from "../../lib/domain/people/requester.ts";
import type { ChangeDeps } from "../../lib/workflows/change/change-deps.ts";
import type { ChangeBook, ChangePermitBook, RecordedChange } from "../../lib/workflows/ports/change.ts";
import { type MemoryQuestions, scheduleIn } from "./change-questions.ts";
import { policyWith } from "./guard.ts";
import { alice, keyArn, paymentKey, t0 } from "./key-world.ts";
import { createMemoryKnownStates } from "./memory-known-states.ts";
import { createMemoryPauseBook, saveIn } from "./memory-pause-book.ts";
import { createMemoryClaims } from "./remediation.ts";

export const ownRole = "arn:aws:iam::111122223333:role/reprieve-dev-remediation-us-east-1";

/** Chains of changes in memory; held to the same contract suite as the real ones. */
export function createMemoryChangeBook(): ChangeBook & { readonly chains: Map<ChainName, Chain> } {
  const chains = new Map<ChainName, Chain>();
  return {
    chains,
    read: async (name) => chains.get(changeChainName(name)),
    latestHour: async ({ operation, subject }) => {
      const hours = [...chains.keys()].flatMap((name) => {
        const found = changeNameFrom(name);
        const isSame = found?.operation === operation && subjectText(found.subject) === subjectText(subject);
        return found !== undefined && isSame ? [found.hour] : [];
      });
      return hours.length === 0 ? undefined : Math.max(...hours);
    },
    save: async (change) => saveIn(chains, change),
  };
}

/** Permits for changes in memory; held to the same contract suite as the real ones. */
export function createMemoryChangePermits(): ChangePermitBook & MemoryQuestions {
  const chains = new Map<ChainName, Chain>();
  const dueAt = new Map<ChainName, number>();
  return {
    ...{ chains, dueAt },
    list: async ({ operation, subject }, sinceHour) => {
      const found = [...chains.values()].flatMap((chain) => {
        const name = changePermitNameFrom(chain.name);
        const isSame = name?.operation === operation && subjectText(name.subject) === subjectText(subject);
        return isSame ? [{ chain, id: name.id }] : [];
      });
      const asked = found.filter(({ id }) => id.by === "change" && id.hour >= sinceHour);
      const requested = found
        .flatMap(({ chain, id }) => (id.by === "request" ? [{ chain, number: id.number }] : []))
        .sort((one, other) => other.number - one.number)
        .slice(0, maxPermitsRead);
      return [...requested, ...asked].map(({ chain }) => chain);
    },
    read: async (name) => chains.get(changePermitChainName(name)),
    save: async (change) => {
      const saved = saveIn(chains, change);
      if (saved === "saved") scheduleIn(dueAt, change);
      return saved;
    },
  };
}

/** A control plane as far as changes need it. `failing`: what the next call of that name throws or answers instead. */
export class ChangePlaneDouble {
  readonly keys = new Map<string, PaymentKey>([[keyArn(), paymentKey()]]);
  readonly aliases = new Map<string, string>();
  readonly tags = new Map<string, Record<string, string>>();
  readonly policies = new Map<string, string>();
  readonly replicas = new Map<string, readonly string[]>();
  readonly calls: string[] = [];
  readonly failing = new Map<string, () => Shown>();

  async call({ call, input }: ApiCall): Promise<Shown> {
    this.calls.push(call);
    const failing = this.failing.get(call);
    if (failing !== undefined) return failing();
    const text = (name: string) => String(input[name] ?? "");
    const arn = this.aliases.get(text("KeyIdentifier")) ?? text("KeyIdentifier");
    const resource = text("ResourceArn");
    switch (call) {
      case "GetKey":
        return this.keys.has(arn) ? { answer: { Key: this.#shown(arn) } } : notFound;
      case "StartKeyUsage":
        this.#change(arn, { enabled: true });
        return { answer: { Key: this.#shown(arn) } };
      case "GetAlias": {
        const target = this.aliases.get(text("AliasName"));
        return target === undefined
          ? notFound
          : { answer: { Alias: { AliasName: text("AliasName"), KeyArn: target } } };
      }
      case "UpdateAlias":
      case "CreateAlias":
        this.aliases.set(text("AliasName"), text("KeyArn"));
        return { answer: {} };
      case "ListTagsForResource":
        return {
          answer: { Tags: Object.entries(this.tags.get(resource) ?? {}).map(([Key, Value]) => ({ Key, Value })) },
        };
      case "TagResource": {
        const set = input["Tags"] as { Key: string; Value: string }[];
        this.tags.set(resource, {
          ...this.tags.get(resource),
          ...Object.fromEntries(set.map(({ Key, Value }) => [Key, Value])),
        });
        return { answer: {} };
      }
      case "UntagResource": {
        const gone = input["TagKeys"] as string[];
        const left = Object.entries(this.tags.get(resource) ?? {}).filter(([name]) => !gone.includes(name));
        this.tags.set(resource, Object.fromEntries(left));
        return { answer: {} };
      }
      case "GetResourcePolicy":
        return { answer: { Policy: this.policies.get(resource) ?? "{}" } };
      case "PutResourcePolicy":
        this.policies.set(resource, text("Policy"));
        return { answer: {} };
      case "DeleteResourcePolicy":
        this.policies.delete(resource);
        return { answer: {} };
      case "AddKeyReplicationRegions":
        this.replicas.set(arn, [...(this.replicas.get(arn) ?? []), ...(input["ReplicationRegions"] as string[])]);
        return { answer: {} };
      default:
        throw new Error(`the double knows no ${call}`);
    }
  }

  keyIn(shown: Shown): PaymentKey | undefined {
    const { KeyArn } = ("answer" in shown ? shown.answer["Key"] : {}) as { KeyArn?: string };
    return KeyArn === undefined ? undefined : this.keys.get(KeyArn);
  }

  stop(arn: KeyArn = keyArn()): void {
    this.#change(arn, { enabled: false });
  }

  #change(arn: string, change: Partial<PaymentKey>): void {
    const key = this.keys.get(arn);
    if (key !== undefined) this.keys.set(arn, { ...key, ...change });
  }

  #shown(arn: string): Members {
    const replicas = (this.replicas.get(arn) ?? []).map((region) => [region, { Status: "SYNCHRONIZED" }] as const);
    return {
      ...{ KeyArn: arn, KeyState: "CREATE_COMPLETE", Enabled: this.keys.get(arn)?.enabled },
      ...(replicas.length > 0 && { ReplicationStatus: Object.fromEntries(replicas) }),
    };
  }
}

const notFound: Shown = { error: "ResourceNotFoundException" };

/** What GuardError a denied call throws. */
export const denied = (): never => {
  throw new GuardError("ACCESS_DENIED", "retry", "denied", {
    cause: Object.assign(new Error("no"), { name: "AccessDeniedException" }),
  });
};
export const unavailable = (): never => {
  throw new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "down");
};

/** Everything that `guardChange` works with, in memory; `rules` are those of the policy. */
export function createChangeWorld({ rules = [], mode = "enforce", overrides = {} }: WorldOptions = {}) {
  const plane = new ChangePlaneDouble();
  const book = createMemoryChangeBook();
  const permits = createMemoryChangePermits();
  const known = createMemoryKnownStates();
  const time = { now: t0 + 2_000 };
  const logged: string[] = [];
  const notified: string[] = [];
  const deps: ChangeDeps = {
    ...{ policy: policyWith(rules, { mode }), book, permits, known, plane, claims: createMemoryClaims() },
    ...{
      pauses: createMemoryPauseBook(),
      labelsSeen: async () => undefined,
      newestCase: async () => undefined,
      ownRoles: [ownRole],
      version: "0.1.0",
    },
    notify: async (name: ChangeName) => void notified.push(changeNameText(name)),
    stack: { account: "111122223333", region: "us-east-1" },
    clock: () => time.now,
    log: (code) => void logged.push(code),
    ...overrides,
  };
  const entries = () => [...book.chains.values()].flatMap((chain) => chain.entries);
  return {
    deps,
    plane,
    book,
    permits,
    known,
    time,
    logged,
    notified,
    entries,
    kinds: () => entries().map(({ kind }) => kind),
  };
}

interface WorldOptions {
  readonly rules?: readonly object[];
  readonly mode?: "observe" | "enforce";
  readonly overrides?: Partial<ChangeDeps>;
}

/** The record of a call of Alice at `t0`, with an eventID of its own for each `n`. */
export function recordedCall(
  name: string,
  members: Partial<Omit<Call, "name">> = {},
  {
    n = 1,
    at = t0,
    requester = alice,
  }: { readonly n?: number; readonly at?: number; readonly requester?: Requester } = {},
): RecordedChange {
  return {
    eventId: `b87c3d30-f3ab-4131-87e8-${String(n).padStart(12, "0")}`,
    ...{ at, requester, isServiceEvent: false, sourceIp: "203.0.113.64" },
    call: { name, parameters: {}, answer: {}, details: {}, ...members },
  };
}

export const otherKey = (id: string, overrides: Partial<PaymentKey> = {}): PaymentKey => {
  const arn = parseKeyArn(`arn:aws:payment-cryptography:us-east-1:111122223333:key/${id}`);
  if (arn === undefined) throw new Error(`\`${id}\` is no key id`);
  return paymentKey({ ...overrides, arn });
};
