import type { ChangeOfKey, DecidedOperation, EventFate, KeyKind, PersonName, PolicyState } from "./plan.ts";

/** A deletion that the service accepted. Times in ms since the epoch. */
export interface Deletion {
  readonly key: number;
  readonly by: PersonName;
  readonly days: number;
  readonly at: number;
  readonly event: EventFate;
  /** Whether the key was in use right before. */
  readonly wasEnabled: boolean;
}

/** Something a person said about a key, and its result as far as that person could see. */
export interface Statement {
  readonly key: number;
  readonly by: PersonName;
  readonly at: number;
  readonly says: "approve" | "keep" | "request" | "permit" | "revoke";
  readonly heard: "accepted" | "refused" | "unknown";
  /** Who had deleted the key, by the message that this person read. Absent where it named nobody of the cast. */
  readonly about?: PersonName;
}

/** A change other than a deletion that the service accepted. */
export interface Change {
  readonly key: number;
  /** ms since the epoch. */
  readonly at: number;
  readonly did: ChangeOfKey;
  readonly by: PersonName;
  /** The alias that was changed, if one was. */
  readonly alias?: string;
  /** The key at which the alias points since. */
  readonly to?: string;
  /** Nothing looks otherwise since: the key was stopped, or the alias pointed there. */
  readonly isIdle: boolean;
  /** When its event reaches the stack. */
  readonly heardAt: number;
}

/** A stop of a key by a person, as `Change` tells it. */
export type Stop = Pick<Change, "at" | "by" | "isIdle" | "heardAt">;

/** What a person requested or decided about a permit for a change, and what that person heard. */
export interface ChangeStatement {
  /** Name of the permit, as people read it; absent where they did not learn it. */
  readonly permit?: string;
  /** The alias, or the ARN of the key. */
  readonly subject: string;
  readonly operation: DecidedOperation;
  readonly kind: "question" | "plan";
  readonly by: PersonName;
  readonly at: number;
  /** When the answer came. */
  readonly heardAt: number;
  readonly step: "request" | "approve" | "refuse";
  readonly heard: Statement["heard"];
  /** Of a request: who is to make the change, and to which state. */
  readonly holder?: PersonName;
  readonly to?: string;
}

/** A request to start a key that was stopped, or left disabled. */
export interface StartRequest {
  readonly key: number;
  readonly by: PersonName;
  readonly kind: "stop" | "case";
  readonly at: number;
  readonly heard: Statement["heard"];
  /** The hour (since the epoch) of the stops that it is about. */
  readonly hour?: number;
}

/** A state that a key was seen in from then on. */
export interface Sighting {
  readonly key: number;
  readonly at: number;
  readonly state: string;
  readonly enabled: boolean;
}

/** What someone who watches keys and people, and reads no case, knows of a run. */
export class Chronicle {
  readonly kinds: readonly KeyKind[];
  readonly deletions: Deletion[] = [];
  readonly statements: Statement[] = [];
  /** Restores and stops by people. */
  readonly manual: {
    readonly key: number;
    readonly at: number;
    readonly did: "restore" | "stop-usage";
    readonly by: PersonName;
    /** Nothing looks otherwise since: the key was stopped already. */
    readonly isIdle?: boolean;
    /** When its event reaches the stack. */
    readonly heardAt?: number;
  }[] = [];
  readonly changes: Change[] = [];
  readonly decisions: ChangeStatement[] = [];
  readonly starts: StartRequest[] = [];
  /** Calls of the stack that pointed an alias at a key. */
  readonly aliasEffects: { readonly alias: string; readonly at: number }[] = [];
  /** Calls of the stack that brought something back, and had no record of that before. */
  readonly unrecorded: { readonly subject: string; readonly at: number; readonly operation: string }[] = [];
  /** When a key got other labels. No later relabeling gives it its first ones back. */
  readonly relabels: { readonly key: number; readonly at: number }[] = [];
  readonly policies: (PolicyState & { readonly at: number })[] = [];
  readonly pauses: { readonly by: PersonName; readonly at: number; readonly untilMs: number }[] = [];
  readonly deaths: { readonly key: number; readonly at: number }[] = [];
  readonly sightings: Sighting[] = [];
  /** Calls of the stack that changed a key. `undoes`: by the function that undoes changes and starts stopped keys. */
  readonly effects: {
    readonly key: number;
    readonly at: number;
    readonly operation: string;
    readonly undoes: boolean;
  }[] = [];
  /** When people were offered to approve a deletion, while enforcing. */
  readonly asked: { readonly key: number; readonly at: number; readonly postedAt: number }[] = [];
  readonly sweeps: number[] = [];

  constructor(kinds: readonly KeyKind[]) {
    this.kinds = kinds;
  }

  /** Every stop of a key by a person, the oldest first. */
  stopsOf(key: number): readonly Stop[] {
    const byHand = this.manual.filter((each) => each.key === key && each.did === "stop-usage");
    const others = this.changes.filter((each) => each.key === key && each.did === "stop");
    return [...byHand, ...others]
      .map(({ at, by, isIdle = false, heardAt = at }) => ({ at, by, isIdle, heardAt }))
      .toSorted((a, b) => a.at - b.at);
  }

  deletionsOf(key: number): readonly Deletion[] {
    return this.deletions.filter((deletion) => deletion.key === key);
  }

  /** Whether the labels of a key were changed before `at`. */
  isRelabeled(key: number, at: number): boolean {
    return this.relabels.some((each) => each.key === key && each.at <= at);
  }

  /** The policies in force between two times. */
  policiesIn(from: number, to: number): readonly PolicyState[] {
    return this.policies.filter(
      ({ at }, n) => at <= to && (this.policies[n + 1]?.at ?? Number.POSITIVE_INFINITY) > from,
    );
  }

  /** Since when the mode is what it is at `at`, and which. */
  modeAt(at: number): { readonly mode: PolicyState["mode"]; readonly since: number } {
    const before = this.policies.filter((each) => each.at <= at);
    const mode = before.at(-1)?.mode ?? "enforce";
    const last = before.findLastIndex((each) => each.mode !== mode);
    return { mode, since: before[last + 1]?.at ?? 0 };
  }
}
