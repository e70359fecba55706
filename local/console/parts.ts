import type { ChainPart, Row } from "../../cli/console/parts.ts";
import type { PolicyFileFault } from "../../lib/domain/policy/yaml/policy-yaml.ts";
import type { ServiceName } from "../aws/service-name.ts";
import type { SlackFault } from "../slack/slack-fault.ts";
import type { WorkspaceView } from "../slack/workspace-view.ts";
import type { Fault, FaultScope } from "../world/hub/faults.ts";

/** What the console shows, part by part: a part that did not change is not told again. Times are ms since the epoch. */
export interface Parts {
  readonly world: WorldPart;
  readonly clock: ClockPart;
  readonly slack: WorkspaceView;
  readonly policy: PolicyPart;
  readonly [key: `key/${string}`]: KeyPart;
  readonly [name: `case/${string}`]: RecordPart;
  readonly [name: `change/${string}`]: RecordPart;
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
  readonly faults: readonly ServiceFault[];
  readonly slackFault: SlackFault;
  /** Whether a deletion also stops the key's usage: AWS's own examples differ. */
  readonly deletionDisablesKey: boolean;
  readonly scenarios: readonly { readonly name: string; readonly story: string }[];
  readonly playing?: string;
}

/** What a service is switched to, and who meets it. */
export interface ServiceFault {
  readonly service: ServiceName;
  readonly fault: Fault;
  readonly scope: FaultScope;
}

/** As whom a tab of the browser deletes keys, and with how much notice. */
export interface Acting {
  readonly person: string;
  readonly days: number;
}

export interface KeyPart {
  readonly arn: string;
  readonly alias: string;
  readonly usage: string;
  readonly state: string;
  readonly enabled: boolean;
  readonly tags: string;
  readonly pendingAt?: number;
  /** What the policy in the file would say, were the person of this tab to delete it now. */
  readonly preview?: { readonly outcome: string; readonly rule: string };
}

/** A case, or what one operation other than DeleteKey did to one subject within an hour, as stored. */
export interface RecordPart {
  readonly name: string;
  readonly row: Row;
  readonly chain: ChainPart;
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
