import * as v from "valibot";
import { changeOutcomes } from "../../policy/change-outcome.ts";
import { flag, type Kinds, keyArn, optionalText, optionalWhole, text, texts, whole } from "./members.ts";
import { recordedWays, requester } from "./people.ts";
import { recordedState } from "./recorded-state.ts";

/** Changes other than deletions. All that one operation did to one subject within one hour is one chain (`change-name.ts`). */
export const changeKinds = {
  /** A call was recorded, or the inventory found a change of which no record had come. The first entry of every chain is one. */
  "change-detected": {
    operation: text,
    /** The ARN of a key, the name of an alias, or `account`. */
    subject: text,
    /** The key that was changed, or to which the alias pointed before. */
    keyArn: v.exactOptional(keyArn),
    source: v.picklist(["event", "inventory"]),
    eventId: optionalText,
    /** `eventName`. */
    call: optionalText,
    /** eventTime of the call, or when the inventory saw the change (ms). */
    changedAt: whole,
    requester: v.exactOptional(requester),
    invokedBy: optionalText,
    sourceIp: optionalText,
    userAgent: optionalText,
    /** What happened, as a sentence without its subject. */
    says: text,
    before: v.exactOptional(recordedState),
    after: v.exactOptional(recordedState),
    guardVersion: text,
  },
  "change-judged": {
    outcome: v.picklist(changeOutcomes),
    rule: text,
    weight: v.picklist(["routine", "notable", "grave"]),
    mode: v.picklist(["observe", "enforce"]),
    policyHash: text,
    /** The number of the pause because of which an enforcing policy only observed. */
    pause: optionalWhole,
    /** The rule that may match, and the condition that nothing settles. */
    doubt: v.exactOptional(v.strictObject({ rule: text, condition: text })),
    /** The permit that lets it pass. */
    permit: optionalText,
    /** Of a stop: those who may have the key started again. Absent where nobody may. */
    starters: v.exactOptional(texts),
    /** The ways in which they have to prove who they are. Absent where any will do. */
    startProof: v.exactOptional(recordedWays),
  },
  /** More changes followed within the hour than the chain has room for: they are not recorded one by one. */
  "changes-crowded": {},
  "revert-intended": {
    /** The call that is undone, here and in both results: the changes of an hour may be at work at the same time. */
    eventId: optionalText,
    /** The names of the calls. */
    calls: texts,
    /** The state that they lead back to. */
    to: recordedState,
  },
  "change-reverted": {
    eventId: optionalText,
    /** `answered`: seen after our calls; `found`: the state was back already when it was looked at again. */
    how: v.picklist(["answered", "found"]),
    revertedAfterMs: whole,
  },
  /** People are asked whether the change, which was undone, may be made again. The permit of the same hour holds their answers. */
  "change-asked": { eventId: text, from: text, quorum: whole, deadline: whole },
  "revert-left": {
    eventId: optionalText,
    why: v.picklist([
      ...(["observe", "paused", "before-unknown", "after-unknown", "state-unknown", "changed-since"] as const),
      ...(["same-as-before", "reverted-within-the-hour", "no-way-back", "too-old", "denied", "refused"] as const),
      ...(["came-back", "overtaken", "before-unusable", "rule-changed"] as const),
    ]),
    code: optionalText,
    /** Whether people have to look: the change stands although a rule wants it undone. */
    stands: flag,
  },
} as const satisfies Kinds;
