import type { Case } from "../../domain/case/case.ts";
import { isClosed } from "../../domain/case/end.ts";
import { caseOf, withEntry } from "../../domain/case/fold.ts";
import { callsIn, type KnownCalls, withCalls } from "../../domain/case/known-calls.ts";
import { hasRoom } from "../../domain/case/size-limits.ts";
import { append, type Chain, emptyChain } from "../../domain/ledger/chain.ts";
import { caseChainName } from "../../domain/ledger/chain-name.ts";
import type { DeletionDetected, Entry, EntryBody } from "../../domain/ledger/entry.ts";
import type { CaseStatus, CaseStore, Lease, StoredCase } from "../ports/guard.ts";

/** How long (ms) one run may act on a case: longer than the guard's own timeout of 30 s, so that no two runs ever act at once. */
export const leaseMs = 40_000;

/** Entries after which failures count from 0: the next effect is tried, or a person requested the same one again. */
const beginsNextEffect: readonly EntryBody["kind"][] = ["key-restored", "usage-start-requested"];

/** One case as a run works on it: entries are added in memory and stored together, always before the next effect. */
export class CaseFile {
  #chain: Chain;
  #state: Case;
  #stored: number;
  readonly #found: number;
  readonly #published: number;
  /** When the case is due, as the store has it. */
  #dueAt: number | undefined;
  #claimed: boolean;
  failures: number;
  /** See `StoredCase.labelsMissingSince`. */
  labelsMissingSince: number | undefined;
  #storedLabelsMissingSince: number | undefined;
  /** See `StoredCase.earlier`. */
  readonly earlier: KnownCalls | undefined;
  readonly #owner: string;

  private constructor(stored: StoredCase, length: number, owner: string) {
    this.#chain = stored.chain;
    this.#state = caseOf(stored.chain);
    this.#stored = length;
    this.#found = length;
    this.#published = stored.published;
    this.#dueAt = stored.dueAt;
    this.#claimed = false;
    this.failures = stored.failures;
    this.labelsMissingSince = stored.labelsMissingSince;
    this.#storedLabelsMissingSince = stored.labelsMissingSince;
    this.earlier = stored.earlier;
    this.#owner = owner;
  }

  /** A case that `owner` opens, after the case `before` if there is one: its first entry, not stored yet. */
  static open(first: DeletionDetected, at: number, owner: string, before?: CaseFile): CaseFile {
    const chain = append(emptyChain(caseChainName(first.case)), first, at);
    const earlier = before && withCalls(before.earlier ?? { latest: [] }, callsIn(before.chain));
    return new CaseFile({ chain, failures: 0, published: 0, ...(earlier && { earlier }) }, 0, owner);
  }

  /** A case from the store. */
  static resume(stored: StoredCase, owner: string): CaseFile {
    return new CaseFile(stored, stored.chain.entries.length, owner);
  }

  get state(): Case {
    return this.#state;
  }

  get chain(): Chain {
    return this.#chain;
  }

  /** The texts of the entries that the store has, as far as this run knows. */
  get storedTexts(): readonly string[] {
    return this.#chain.texts.slice(0, this.#stored);
  }

  /** The entries this run has added. */
  get added(): readonly Entry[] {
    return this.#chain.entries.slice(this.#found);
  }

  get dueAt(): number | undefined {
    return this.#dueAt;
  }

  /** The entries that the world has not learned of. */
  get unpublished(): readonly Entry[] {
    return this.#chain.entries.slice(this.#published);
  }

  /** Adds an entry; false, and nothing is added, where the case has no room for it. */
  add(body: EntryBody, at: number): boolean {
    return this.addAll([body], at);
  }

  /** Adds all of `bodies` or none of them. */
  addAll(bodies: readonly EntryBody[], at: number): boolean {
    let [chain, state] = [this.#chain, this.#state];
    for (const body of bodies) {
      chain = append(chain, body, at);
      if (!hasRoom(chain)) return false;
      const entry = chain.entries.at(-1);
      if (entry !== undefined) state = withEntry(state, entry);
    }
    this.#chain = chain;
    this.#state = state;
    if (bodies.some(({ kind }) => beginsNextEffect.includes(kind))) this.failures = 0;
    return true;
  }

  /** Stores what was added and claims the case until `now + leaseFor`. INVARIANT: called right before every effect. */
  async claim(store: Pick<CaseStore, "save">, now: number, dueAt: number): Promise<"saved" | "conflict"> {
    return await this.#save(store, now, dueAt, { owner: this.#owner, until: now + leaseMs });
  }

  /** Stores what was added and lets go of the case; writes nothing when there is nothing to say, and it is not due now. */
  async release(store: Pick<CaseStore, "save">, now: number, dueAt: number): Promise<"saved" | "conflict"> {
    const sameLabels = this.#storedLabelsMissingSince === this.labelsMissingSince;
    const unchanged = this.#stored === this.#chain.entries.length && !this.#claimed && sameLabels;
    const overdue = this.#dueAt !== undefined && this.#dueAt <= now && dueAt > now;
    return unchanged && !overdue ? "saved" : await this.#save(store, now, dueAt);
  }

  async #save(
    store: Pick<CaseStore, "save">,
    now: number,
    dueAt: number,
    lease?: Lease,
  ): Promise<"saved" | "conflict"> {
    const { keyArn, generation } = this.state;
    const answer = await store.save({
      keyArn,
      generation,
      chain: this.#chain,
      expectedLength: this.#stored,
      owner: this.#owner,
      ...(lease !== undefined && { lease }),
      status: statusOf(this.state),
      dueAt,
      failures: this.failures,
      ...(this.labelsMissingSince !== undefined && { labelsMissingSince: this.labelsMissingSince }),
      ...(this.earlier && { earlier: this.earlier }),
      now,
    });
    if (answer === "saved") {
      this.#stored = this.#chain.entries.length;
      this.#storedLabelsMissingSince = this.labelsMissingSince;
      this.#claimed = lease !== undefined;
      this.#dueAt = dueAt;
    }
    return answer;
  }
}

function statusOf(state: Case): CaseStatus {
  if (isClosed(state)) return "closed";
  return state.end !== undefined || state.allowed || state.decision?.mode === "observe" ? "following" : "open";
}
