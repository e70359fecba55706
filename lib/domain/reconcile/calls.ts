import { deletionName } from "../operations/delete/name.ts";
import { operationOf } from "../operations/registry.ts";
import { type CallFault, type ReadRequester, type ReconciledPlace, type RecordedCall, recordedCall } from "./call.ts";

/** A call with all that CloudTrail says of it: a corrected record is another version of the same call. */
export interface CountedCall {
  readonly eventId: string;
  readonly name: string;
  /** The first is the one that counts by its time. */
  readonly versions: readonly RecordedCall[];
  readonly duplicates: number;
}

interface Kept extends CountedCall {
  versions: RecordedCall[];
  duplicates: number;
}

/** The names under which CloudTrail records what the guard does to bring a key back. */
export const restoreCall = "RestoreKey";

/** Collects the calls of one place from CloudTrail's records, each once. */
export class CallBook {
  readonly #place: ReconciledPlace;
  readonly #requesterIn: ReadRequester;
  readonly #calls = new Map<string, Kept>();
  readonly #serviceEvents: RecordedCall[] = [];
  readonly #faults = new Map<CallFault, number>();
  #ofPlace = 0;
  #elsewhere = 0;

  constructor(place: ReconciledPlace, requesterIn: ReadRequester) {
    this.#place = place;
    this.#requesterIn = requesterIn;
  }

  get faults(): ReadonlyMap<CallFault, number> {
    return this.#faults;
  }

  /** Whether there are calls of the service, and none of this place. */
  get isElsewhere(): boolean {
    return this.#ofPlace === 0 && this.#elsewhere > 0;
  }

  /** What the service itself reported. */
  get serviceEvents(): readonly RecordedCall[] {
    return this.#serviceEvents;
  }

  take(record: unknown): void {
    const call = recordedCall(record, this.#place, this.#requesterIn);
    if (call === undefined) return;
    if (call === "elsewhere") {
      this.#elsewhere += 1;
      return;
    }
    this.#ofPlace += 1;
    if (typeof call === "string") this.#faults.set(call, (this.#faults.get(call) ?? 0) + 1);
    else if (call.isServiceEvent) this.#serviceEvents.push(call);
    else if (call.name === restoreCall || operationOf(call.name) !== undefined) this.#keep(call);
  }

  call(eventId: string): CountedCall | undefined {
    return this.#calls.get(eventId);
  }

  /** The calls with such a name, in the order in which they came. */
  *calls(isWanted: (name: string) => boolean): Iterable<CountedCall> {
    for (const call of this.#calls.values()) if (isWanted(call.name)) yield call;
  }

  #keep(call: RecordedCall): void {
    const { eventId = "" } = call;
    const known = this.#calls.get(eventId);
    if (known === undefined) {
      this.#calls.set(eventId, { eventId, name: call.name, versions: [call], duplicates: 0 });
      return;
    }
    if (known.versions.some((version) => isSame(version, call))) known.duplicates += 1;
    // A correction may come before the record that it corrects.
    else if (call.isCorrection) known.versions.push(call);
    else known.versions.unshift(call);
  }
}

/** Whether one of the versions says that the call was carried out: what was carried out by any is compared. */
export function isSuccess({ versions }: CountedCall): boolean {
  return versions.some(({ hasFailed }) => !hasFailed);
}

/** When the call was made (ms since the epoch). */
export function timeOfCall({ versions }: CountedCall): number {
  return versions[0]?.at ?? 0;
}

export function isCorrected({ versions }: CountedCall): boolean {
  return versions.some(({ isCorrection }) => isCorrection);
}

/** Returns whether `name` is that of a call that schedules a deletion. */
export function isDeletion(name: string): boolean {
  return operationOf(name)?.name === deletionName;
}

/** Returns whether `name` is that of another guarded call. */
export function isChange(name: string): boolean {
  const operation = operationOf(name);
  return operation !== undefined && operation.name !== deletionName;
}

function isSame(a: RecordedCall, b: RecordedCall): boolean {
  return (
    a.isCorrection === b.isCorrection &&
    a.at === b.at &&
    a.keyArn === b.keyArn &&
    a.alias === b.alias &&
    a.hasFailed === b.hasFailed &&
    a.name === b.name
  );
}
