import type { EntryPart } from "../../cli/console/parts.ts";
import type { PolicyFileFault } from "../../lib/domain/policy/yaml/policy-yaml.ts";
import type { ServiceName } from "../aws/service-name.ts";
import type { SlackFault } from "../slack/slack-fault.ts";
import type { WorkspaceView } from "../slack/workspace-view.ts";
import type { Fault } from "../world/hub/faults.ts";

/** What the console shows, part by part: a part that did not change is not told again. Times are ms since the epoch. */
export interface Parts {
  readonly world: WorldPart;
  readonly clock: ClockPart;
  readonly slack: WorkspaceView;
  readonly policy: PolicyPart;
  readonly [key: `key/${string}`]: KeyPart;
  readonly [name: `case/${string}`]: CasePart;
  readonly [name: `change/${string}`]: ChangePart;
  readonly [line: `line/${string}`]: LinePart;
}

/** What changed: parts by their name, and the names of those that are gone. */
export interface Change {
  readonly set: Partial<Parts>;
  readonly gone: readonly string[];
}

export interface ClockPart {
  /** The world's time less this machine's. */
  readonly aheadMs: number;
  readonly speed: number;
  readonly deadline?: { readonly at: number; readonly event: string };
}

export interface WorldPart {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  /** Those who may be acted as. */
  readonly people: readonly { readonly name: string; readonly accessKeyId: string; readonly about: string }[];
  readonly acting: { readonly person: string; readonly days: number };
  readonly faults: Readonly<Partial<Record<ServiceName, Fault>>>;
  readonly slackFault: SlackFault;
  /** Whether a deletion also stops the key's usage: AWS's own examples differ. */
  readonly deletionDisablesKey: boolean;
  readonly scenarios: readonly { readonly name: string; readonly story: string }[];
  readonly playing?: string;
}

export interface KeyPart {
  readonly arn: string;
  readonly alias: string;
  readonly usage: string;
  readonly state: string;
  readonly enabled: boolean;
  readonly tags: string;
  readonly pendingAt?: number;
  /** What the policy in the file would say, were the person acting to delete it now. */
  readonly preview?: { readonly outcome: string; readonly rule: string };
}

export interface CasePart {
  readonly name: string;
  /** What people call its key. */
  readonly title: string;
  readonly keyArn: string;
  readonly openedAt: number;
  readonly state: string;
  readonly open: boolean;
  readonly outcome: string;
  readonly rule: string;
  readonly requester: string;
  /** Until when people may decide, while they are asked. */
  readonly deadline?: number;
  /** The rules before the one that decided, and the first condition of each that failed. */
  readonly passedOver: readonly { readonly rule: string; readonly failed: string }[];
  /** How many more rules were passed over. */
  readonly morePassedOver: number;
  readonly entries: readonly EntryPart[];
  /** The SHA-256 that the item itself names as that of its last entry. */
  readonly head: string;
}

/** What one operation other than DeleteKey did to one subject within an hour. */
export interface ChangePart {
  readonly name: string;
  /** The operation, and what it changed. */
  readonly title: string;
  /** Empty where no key is known. */
  readonly keyArn: string;
  readonly changedAt: number;
  readonly state: string;
  readonly grave: boolean;
  readonly rule: string;
  readonly requester: string;
  readonly says: string;
  readonly entries: readonly EntryPart[];
  readonly head: string;
}

export interface PolicyPart {
  readonly file: string;
  readonly text: string;
  /** Lines from 1, both of the rule. */
  readonly rules: readonly { readonly id: string; readonly from: number; readonly to: number }[];
  readonly mode: string;
  readonly faults: readonly PolicyFileFault[];
  readonly doubts: readonly PolicyFileFault[];
  /** `stale`: the guard still runs with the policy before this one. */
  readonly guard: "runs-it" | "building" | "stale";
}

export interface LinePart {
  readonly at: number;
  readonly actor: string;
  readonly text: string;
  readonly tone: "plain" | "good" | "bad" | "story";
  /** The case that it is of. */
  readonly case?: string;
}
