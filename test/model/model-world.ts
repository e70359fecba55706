import { createHash } from "node:crypto";
import { caseOf } from "../../lib/domain/case/fold.ts";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { GuardError } from "../../lib/domain/guard-error.ts";
import type { KeyArn } from "../../lib/domain/key/key-arn.ts";
import type { PaymentKey } from "../../lib/domain/key/payment-key.ts";
import type { Vote } from "../../lib/domain/people/vote.ts";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import { recordPause } from "../../lib/workflows/approve/record-pause.ts";
import { recordVote } from "../../lib/workflows/approve/record-vote.ts";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import { sweep } from "../../lib/workflows/sweep/sweep.ts";
import type { Witnessed } from "../../local/stories/invariants/invariants.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, day, keyArn, t0 } from "../doubles/key-world.ts";
import { createMemoryInventory, keyListsOf } from "../doubles/sweeper.ts";
import { voteBy, voteDepsOf } from "../doubles/vote-deps.ts";
import { Actor } from "./actor.ts";

/** An event on its way, or one that is lost: then only CloudTrail's history has it. */
export interface ModelEvent {
  readonly request: DeletionRequest;
  /** What CloudTrail's history says of the same call; absent when it never had it. */
  readonly inHistory?: DeletionRequest;
  /** How often it may be handed to the guard. */
  readonly deliveries: number;
}

export interface ModelOptions {
  readonly policy: Policy;
  readonly key?: PaymentKey;
  /** The deletion that the model begins with, and the one that somebody may make by hand afterwards. */
  readonly deletions: readonly ModelEvent[];
}

/** One key, its cases, and whoever works on them, with all that is not deterministic in the hands of the explorer. */
export class ModelWorld {
  readonly actors: Actor[] = [];
  readonly keys;
  readonly made;
  readonly happened: Witnessed["happened"][number][] = [];
  readonly delivered: number[];
  deletions = 1;
  /** When two people have paused the guard (ms). */
  readonly paused: number[] = [];
  readonly #options: ModelOptions;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.keys = createKeyWorld(options.key ? { key: options.key } : {});
    this.made = createTestGuard(this.keys, t0 + 1000, { policy: options.policy });
    this.delivered = options.deletions.map(() => 0);
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
      const history = actor.park({ history: async () => ({ calls: this.#calls(), complete: true }) }).history;
      const report = await sweep({
        guard,
        keyLists: actor.park(keyListsOf(this.keys)),
        inventory: createMemoryInventory(this.now),
        history,
        notifyPauseChanged: async () => {},
        writeCheckpoints: async () => ({ left: false }),
        timeLeft: () => 240_000,
        onCaseProcessed: () => {},
      });
      return report;
    });
  }

  vote(name: string, choice: Vote["choice"]): void {
    const generation = this.made.cases.chains().length || 1;
    this.#run(
      `${name} ${choice}`,
      async (guard) =>
        await recordVote(
          { ...voteDepsOf(guard), cases: guard.cases },
          { keyArn: keyArn(), generation },
          voteBy(name, choice),
        ),
    );
  }

  restoreByHand(): void {
    if (this.keys.state === "DELETE_PENDING") this.keys.state = "CREATE_COMPLETE";
  }

  deleteByHand(): void {
    this.keys.state = "DELETE_PENDING";
    this.keys.deletePendingAt = this.now + 3 * day;
    this.deletions += 1;
  }

  /** Alice and Bob pause the guard for two hours. */
  async pause(): Promise<void> {
    const { guard, pauses } = this.made;
    const { directory, pause: terms } = guard.policy;
    const pauseDeps = { pauses, directory, ...(terms && { terms }), clock: () => this.now };
    for (const name of ["alice", "bob"]) {
      const voter = { via: "aws", arn: `arn:aws:iam::111122223333:user/${name}`, userId: `AIDA${name}` } as const;
      await recordPause(pauseDeps, voter, { do: "pause", forMs: 2 * 3_600_000, reason: "INC-7" });
    }
    this.paused.push(this.now);
  }

  /** Time passes; a key whose time has come is destroyed. */
  pass(ms: number): void {
    this.made.time.now += ms;
    if (this.keys.state !== "DELETE_PENDING" || this.now < this.keys.deletePendingAt) return;
    this.keys.state = "GONE";
    this.happened.push("Destroyed");
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
      [...new Set(this.happened)],
      rest,
    ];
    return createHash("sha1").update(JSON.stringify(all)).digest("base64");
  }

  isOver(): boolean {
    return this.made.cases.chains().every((chain) => caseOf(chain).end !== undefined);
  }

  #calls(): ReadonlyMap<KeyArn, readonly DeletionRequest[]> {
    const made = this.#options.deletions.slice(0, this.deletions);
    return new Map([[keyArn(), made.flatMap(({ inHistory }) => inHistory ?? [])]]);
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
        if (answer.kind === "done") this.happened.push(effect);
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
