import { createHash } from "node:crypto";
import { caseOf } from "../../lib/domain/case/fold.ts";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { PaymentKey } from "../../lib/domain/key/payment-key.ts";
import type { Vote } from "../../lib/domain/people/vote.ts";
import { recordPause } from "../../lib/workflows/approve/record-pause.ts";
import { recordPermit } from "../../lib/workflows/approve/record-permit.ts";
import { recordVote } from "../../lib/workflows/approve/record-vote.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import { UnrecordedRestores } from "../../lib/workflows/guard/unrecorded-restores.ts";
import { sweep } from "../../lib/workflows/sweep/sweep.ts";
import type { Witnessed } from "../../local/stories/invariants/invariants.ts";
import { noReminders } from "../doubles/change-questions.ts";
import { createHistory, createMemoryMarks } from "../doubles/event-history.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, day, keyArn, t0 } from "../doubles/key-world.ts";
import { createMemoryLabelBook } from "../doubles/label-inventory.ts";
import { noRecords } from "../doubles/stack-records.ts";
import { createMemoryStates } from "../doubles/state-inventory.ts";
import { createMemoryInventory, keyListsOf } from "../doubles/sweeper.ts";
import { voteBy, voteDepsOf } from "../doubles/vote-deps.ts";
import type { KeyKind, PersonName } from "../simulation/plan.ts";
import { Actor } from "./actor.ts";
import { ModelChronicle } from "./model-chronicle.ts";
import { pauseMs, permitCommand, requesterOf, voterOf } from "./model-people.ts";
import type { ModelPolicy } from "./policies.ts";

/** An event on its way, or one that is lost: then only CloudTrail's history has it. */
export interface ModelEvent {
  readonly request: DeletionRequest;
  /** What CloudTrail's history says of the same call; absent when it never had it. */
  readonly inHistory?: DeletionRequest;
  /** How often it may be handed to the guard. */
  readonly deliveries: number;
}

export interface ModelOptions {
  readonly policy: ModelPolicy;
  /** Policies that may be deployed later, in this order. */
  readonly deploys?: readonly ModelPolicy[];
  /** What the oracle takes the key for. */
  readonly kind?: KeyKind;
  readonly key?: PaymentKey;
  /** The deletion that the model begins with, and the one that someone may make by hand afterwards. */
  readonly deletions: readonly ModelEvent[];
}

/** One key, its cases, and anyone who works on them, with all that is not deterministic in the hands of the explorer. */
export class ModelWorld {
  readonly actors: Actor[] = [];
  readonly keys;
  readonly made;
  readonly happened: Witnessed["happened"][number][] = [];
  readonly delivered: number[];
  deletions = 1;
  deployed = 0;
  readonly chronicle;
  readonly beganAt = t0;
  /** When two people have paused the guard (ms). */
  readonly paused: number[] = [];
  readonly #options: ModelOptions;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.keys = createKeyWorld(options.key ? { key: options.key } : {});
    this.made = createTestGuard(this.keys, t0 + 1000, { policy: options.policy.policy });
    this.delivered = options.deletions.map(() => 0);
    this.chronicle = new ModelChronicle([options.kind ?? "card"]);
    this.chronicle.policies.push({ ...options.policy.means, at: t0 });
    this.#noteDeletion(0);
  }

  get now(): number {
    return this.made.time.now;
  }

  deliver(n: number): void {
    const event = this.#options.deletions[n];
    if (event === undefined) return;
    const deliveries = (this.delivered[n] ?? 0) + 1;
    this.delivered[n] = deliveries;
    this.#run(
      `event ${n}`,
      async (guard) => await guardDeletion(guard, { source: "event", request: event.request, deliveries }),
    );
  }

  reEvaluate(): void {
    const trigger = {
      source: "re-evaluate",
      keyArn: keyArn(),
      generation: this.made.cases.chains().length || 1,
      deliveries: 1,
    } as const;
    this.#run("re-evaluate", async (guard) => await guardDeletion(guard, trigger));
  }

  sweep(): void {
    this.#run("sweep", async (guard, actor) => {
      const { read, record } = createHistory({ calls: () => this.#calls() });
      const parked = actor.park({ history: read, record });
      const report = await sweep({
        guard,
        keyLists: actor.park(keyListsOf(this.keys)),
        inventory: createMemoryInventory(this.now),
        labels: createMemoryLabelBook(),
        states: createMemoryStates(),
        records: noRecords,
        history: { read: parked.history, record: parked.record },
        marks: createMemoryMarks(),
        notifyPauseChanged: async () => {},
        reminders: noReminders,
        sequence: async () => ({ left: false }),
        timeLeft: () => 240_000,
        onCaseProcessed: () => {},
      });
      return report;
    });
  }

  vote(name: PersonName, choice: Vote["choice"]): void {
    const generation = this.made.cases.chains().length || 1;
    const heard = this.chronicle.state(name, choice, this.now);
    this.#run(`${name} ${choice}`, async (guard) => {
      const deps = { ...voteDepsOf(guard), cases: guard.cases };
      const { verdict } = await recordVote(deps, { keyArn: keyArn(), generation }, voteBy(name, choice));
      heard(verdict.kind !== "refused");
    });
  }

  /** `name` requests a permit for Alice to delete the key, approves the first one, or revokes it. */
  permit(name: PersonName | "dave", step: "request" | "approve" | "revoke"): void {
    const heard =
      name === "dave" ? () => {} : this.chronicle.state(name, step === "revoke" ? "revoke" : "permit", this.now);
    this.#run(`${name} ${step}`, async ({ policy, cases, clock }) => {
      const deps = { cases, policy, clock, stack: { account: "111122223333", region: "us-east-1" } };
      const { verdict } = await recordPermit(deps, voterOf(name), permitCommand(step));
      heard(verdict.kind !== "refused");
    });
  }

  /** Deploys the next policy: runs that begin later have it. */
  deploy(): void {
    const next = this.#options.deploys?.[this.deployed];
    if (next === undefined) return;
    this.deployed += 1;
    this.chronicle.policies.push({ ...next.means, at: this.now });
  }

  restoreByHand(): void {
    if (this.keys.state !== "DELETE_PENDING") return;
    this.keys.state = "CREATE_COMPLETE";
    this.chronicle.manual.push({ key: 0, at: this.now, did: "restore", by: "carol" });
  }

  /** Whether the next deletion by hand can be made now. */
  mayDelete(): boolean {
    const next = this.#options.deletions[this.deletions];
    return this.keys.state === "CREATE_COMPLETE" && next !== undefined && next.request.at <= this.now;
  }

  deleteByHand(): void {
    this.keys.state = "DELETE_PENDING";
    this.keys.deletePendingAt = this.now + 3 * day;
    this.#noteDeletion(this.deletions);
    this.deletions += 1;
  }

  /** Alice and Bob pause the guard for two hours. */
  async pause(): Promise<void> {
    const { pauses } = this.made;
    const { directory, pause: terms } = this.#policy();
    const pauseDeps = { pauses, directory, ...(terms && { terms }), clock: () => this.now };
    for (const name of ["alice", "bob"] as const) {
      const voter = { via: "aws", arn: `arn:aws:iam::111122223333:user/${name}`, userId: `AIDA${name}` } as const;
      await recordPause(pauseDeps, voter, { do: "pause", forMs: pauseMs, reason: "INC-7" });
      this.chronicle.pauses.push({ by: name, at: this.now, untilMs: this.now + pauseMs });
    }
    this.paused.push(this.now);
  }

  /** Time passes; a key whose time has come is destroyed. */
  pass(ms: number): void {
    this.made.time.now += ms;
    if (this.keys.state !== "DELETE_PENDING" || this.now < this.keys.deletePendingAt) return;
    this.keys.state = "GONE";
    this.happened.push("Destroyed");
    this.chronicle.deaths.push({ key: 0, at: this.keys.deletePendingAt });
  }

  witnessed(): Witnessed {
    const published = this.made.bus.published.map(({ generation = 0, seq }) => ({ generation, seq }));
    return { chains: this.made.cases.chains(), happened: this.happened, published };
  }

  /** Everything that the future depends on. */
  fingerprint(rest: string): string {
    const { state, deletePendingAt, key } = this.keys;
    const items = [...this.made.cases.items].map(([name, item]) => [
      name,
      item.texts.at(-1),
      item.texts.length,
      item.lease,
      item.status,
      item.dueAt,
      item.published,
    ]);
    const actors = this.actors
      .filter(({ outcome }) => outcome === "running")
      .map(({ name, answers, parked }) => [name, answers, parked.map(({ label }) => label)]);
    const told = [...new Set(this.made.bus.published.map(({ generation, seq }) => `${generation}.${seq}`))].sort();
    const permits = this.made.cases.chains().length > 0 ? this.made.cases.permitTexts() : [];
    const all = [
      state,
      deletePendingAt,
      key.enabled,
      this.now,
      items,
      permits,
      actors,
      told,
      this.delivered,
      this.deletions,
      this.paused,
      this.chronicle.deletions,
      this.chronicle.statements,
      this.chronicle.policies,
      [...new Set(this.happened)],
      rest,
    ];
    return createHash("sha1").update(JSON.stringify(all)).digest("base64");
  }

  isOver(): boolean {
    return this.made.cases.chains().every((chain) => caseOf(chain).end !== undefined);
  }

  #calls(): readonly DeletionRequest[] {
    const made = this.#options.deletions.slice(0, this.deletions);
    return made.flatMap(({ inHistory }) => inHistory ?? []);
  }

  #policy() {
    const { policy, deploys = [] } = this.#options;
    return ([policy, ...deploys][this.deployed] ?? policy).policy;
  }

  #noteDeletion(n: number): void {
    const event = this.#options.deletions[n];
    if (event === undefined) return;
    const { request, inHistory, deliveries } = event;
    const isForged = inHistory !== request;
    const by = inHistory === undefined ? "mallory" : requesterOf(inHistory);
    const fate = isForged ? "forged" : deliveries === 0 ? "lost" : "on-time";
    this.chronicle.delete(by, request.at, fate, true);
  }

  #run(name: string, work: (guard: Guard, actor: Actor) => Promise<unknown>): void {
    const actor = new Actor(`${name} #${this.actors.length}`);
    this.actors.push(actor);
    const { guard, cases } = this.made;
    const save: typeof cases.save = async (change) => {
      const answer = await cases.save(change);
      if (answer === "saved")
        this.happened.push(...change.chain.entries.slice(change.expectedLength).map(({ kind }) => kind));
      return answer;
    };
    const effect =
      (effect: "RestoreKey" | "StartKeyUsage", call: typeof this.keys.restore): typeof this.keys.restore =>
      async (arn) => {
        const answer = await call(arn);
        if (answer.kind !== "done") return answer;
        this.happened.push(effect);
        this.chronicle.effects.push({ key: 0, at: this.now, operation: effect, undoes: false });
        return answer;
      };
    const keys = {
      ...this.keys,
      restore: effect("RestoreKey", this.keys.restore),
      startUsage: effect("StartKeyUsage", this.keys.startUsage),
    };
    // With the store out of reach the bus is the record of an intent (ADR 0004).
    const announceUnrecorded: typeof guard.bus.announceUnrecorded = async (arn, entries) => {
      this.happened.push(...entries.map(({ kind }) => kind));
      await guard.bus.announceUnrecorded(arn, entries);
    };
    const runs = { count: 0 };
    const own: Guard = {
      ...guard,
      unrecorded: new UnrecordedRestores(),
      policy: this.#policy(),
      keys: actor.park(keys),
      cases: actor.park({ ...cases, save }),
      pauses: actor.park({ latest: guard.pauses.latest }),
      bus: actor.park({ ...guard.bus, announceUnrecorded }),
      newRunId: () => {
        runs.count += 1;
        return `${actor.name}.${runs.count}`;
      },
    };
    actor.start(async () => await work(own, actor));
  }
}

export const unavailable = (label: string): Error =>
  label === "observe" || label === "restore" || label === "startUsage"
    ? new GuardError("CONTROL_PLANE_UNAVAILABLE", "retry", "down")
    : new GuardError("STORE_UNAVAILABLE", "retry", "down");
