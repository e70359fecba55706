import { requesterFrom } from "../../lib/aws/cloudtrail/user-identity.ts";
import { parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import { decide } from "../../lib/domain/policy/decide.ts";
import type { Facts } from "../../lib/domain/policy/decision.ts";
import type { KeyLabels } from "../../lib/domain/policy/label-age.ts";
import type { Policy } from "../../lib/domain/policy/policy.ts";
import { dayMs } from "../../lib/domain/time.ts";
import type { LabelledKey } from "../aws/payment-cryptography/control-plane.ts";
import type { Person } from "../world/people.ts";
import type { KeyPart } from "./parts.ts";

/** Who would delete a key, with how much notice, and when (ms). */
export interface Intent {
  readonly person: Person;
  readonly days: number;
  readonly now: number;
}

/** What a preview is made by. */
export interface Preview extends Intent {
  /** What the inventory has seen of the labels of each key. */
  readonly labelsSeen: ReadonlyMap<string, KeyLabels>;
}

/** A key as the console shows it. Without a policy that holds, nothing is said of what it would decide. */
export function keyPart(key: LabelledKey, policy: Policy | undefined, preview: Preview): KeyPart {
  const { KeyArn, KeyAttributes, KeyState, Enabled, DeletePendingTimestamp, aliases, tags } = key;
  return {
    arn: KeyArn,
    alias: aliases.join(", "),
    usage: KeyAttributes.KeyUsage,
    state: KeyState,
    enabled: Enabled,
    tags: Object.entries(tags)
      .map(([name, value]) => `${name}=${value}`)
      .join(" "),
    ...(DeletePendingTimestamp !== undefined && { pendingAt: DeletePendingTimestamp * 1000 }),
    ...(policy && KeyState === "CREATE_COMPLETE" && { preview: previewOf(policy, factsOf(key, preview)) }),
  };
}

function previewOf(policy: Policy, facts: Facts): NonNullable<KeyPart["preview"]> {
  const verdict = decide(policy, facts);
  // Every fact is at hand here, so that nothing is needed.
  const decision = verdict.kind === "decided" ? verdict.decision : verdict.regardless;
  return { outcome: decision?.effect.outcome ?? "unknown", rule: decision?.rule ?? "" };
}

function factsOf(key: LabelledKey, { person, days, now, labelsSeen }: Preview): Facts {
  const {
    KeyArn,
    KeyAttributes,
    Exportable,
    KeyOrigin,
    KeyCheckValue,
    MultiRegionKeyType,
    CreateTimestamp,
    aliases,
    tags,
  } = key;
  const seen = labelsSeen.get(KeyArn);
  const { KeyUsage, KeyClass, KeyAlgorithm } = KeyAttributes;
  const knownArn = parseKeyArn(KeyArn);
  if (knownArn === undefined) throw new TypeError("the local control plane has no key without an ARN");
  return {
    key: {
      ...{
        arn: knownArn,
        usage: String(KeyUsage),
        keyClass: String(KeyClass),
        algorithm: String(KeyAlgorithm),
      },
      ...{ exportable: Exportable, origin: KeyOrigin, kcv: KeyCheckValue },
      ...(MultiRegionKeyType && { multiRegion: MultiRegionKeyType }),
    },
    deletePendingAt: now + days * dayMs,
    tags,
    aliases,
    labelAge: seen === undefined ? "not-seen" : { now, deletedAt: now, seen, createdAt: CreateTimestamp * 1000 },
    requester: { identity: requesterFrom(person.userIdentity), at: now, sourceIp: person.sourceIp },
  };
}
