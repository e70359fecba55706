import { randomUUID } from "node:crypto";
import type { Place } from "../place.ts";
import { notFoundError } from "./api-error.ts";
import { type KeyRecord, KeyRecords } from "./key-records.ts";

/** How this fake behaves where AWS does not say, or says two things. May be changed at any time. */
export interface ControlPlaneSettings {
  /** AWS's own examples of delete-key differ in `Enabled`; recorded answers show true. A key of its own mind is seeded so. */
  deletionDisablesKey: boolean;
  /** How late the final destruction comes; the service allows itself 24 h. */
  lateDestructionMs: number;
  /** How long GetKey answers for a destroyed key is unknown. */
  destroyedKeyAnswers: "complete" | "not-found";
  /** How long a copy in another Region takes to be made, and to be removed. */
  replicationMs: number;
  /** Whether a Deny for `*` counts as a public policy is unknown. */
  denyForAllIsPublic: boolean;
}

export const usualSettings: ControlPlaneSettings = {
  deletionDisablesKey: true,
  lateDestructionMs: 0,
  destroyedKeyAnswers: "complete",
  replicationMs: 30_000,
  denyForAllIsPublic: false,
};

/** A copy that is being made or removed; `at` in ms. */
export interface Replicating {
  readonly keyArn: string;
  readonly region: string;
  readonly at: number;
  readonly becomes: "SYNCHRONIZED" | "gone";
}

/** The team that approves a protected operation, as the API shows it. */
export interface MpaTeamAssociation {
  readonly Action: string;
  readonly MpaTeamArn: string;
  readonly AssociationState: "ACTIVE" | "DELETE_PENDING";
  readonly MpaStatus?: object;
}

interface Token {
  readonly answer: object;
  readonly request: string;
  /** ms since the epoch. */
  readonly until: number;
}

/** What the control plane of one account and Region holds. */
export class PlaneState {
  readonly place: Place;
  readonly settings: ControlPlaneSettings = { ...usualSettings };
  readonly records: KeyRecords;
  readonly defaultRegions = new Set<string>();
  /** By protected operation. */
  readonly mpaTeams = new Map<string, MpaTeamAssociation>();
  /** Tokens of GetParametersForImport and GetParametersForExport, by token. */
  readonly tokens = new Map<string, Token>();
  replicating: readonly Replicating[] = [];
  readonly #now: () => number;

  constructor(place: Place, now: () => number) {
    this.place = place;
    this.#now = now;
    this.records = new KeyRecords(place);
  }

  /** ms since the epoch. */
  get nowMs(): number {
    return this.#now();
  }

  /** Seconds since the epoch, as the API writes times. */
  get nowSeconds(): number {
    return this.#now() / 1000;
  }

  /** Returns the key that `identifier` names. Throws ResourceNotFoundException. */
  findKey(identifier: string): KeyRecord {
    const key = this.records.find(identifier);
    if (key.KeyState === "DELETE_COMPLETE" && this.settings.destroyedKeyAnswers === "not-found")
      throw notFoundError(identifier);
    return key;
  }

  arnOf(keyId: string): string {
    const { region, account } = this.place;
    return `arn:aws:payment-cryptography:${region}:${account}:key/${keyId}`;
  }
}

export function randomKeyId(): string {
  return randomUUID().replaceAll("-", "").slice(0, 16);
}
