import * as v from "valibot";
import type { Effect } from "../../policy/decision.ts";
import { labelDoubts } from "../../policy/label-age.ts";
import type { RecordedHeldBack } from "../recorded-held-back.ts";
import type { RecordedPassedOver } from "../recorded-passed-over.ts";
import { exactly, flag, type Kinds, labels, oneOf, optionalWhole, text, texts, whole } from "./members.ts";
import { recordedWays } from "./people.ts";

const usage = v.picklist(["resume", "leave-disabled"]);

const effect = exactly<Effect>()(
  oneOf("outcome", {
    restore: { usage },
    allow: {},
    ask: {
      usage,
      approval: v.strictObject({
        from: text,
        quorum: whole,
        proof: v.exactOptional(recordedWays),
        withinMs: whole,
        meanwhile: v.picklist(["restored", "pending"]),
        permitForMs: whole,
      }),
    },
  }),
);

const passedOver = exactly<RecordedPassedOver["passedOver"]>()(v.array(v.strictObject({ rule: text, failed: text })));

const heldBack = exactly<RecordedHeldBack>()(
  v.strictObject({ rule: text, condition: text, why: v.picklist(labelDoubts), minAgeMs: whole }),
);

/** What the policy says of a deletion. */
export const decisionKinds = {
  decided: {
    effect,
    rule: text,
    mode: v.picklist(["observe", "enforce"]),
    policyHash: text,
    /** The number of the pause because of which an enforcing policy only observed. */
    pause: optionalWhole,
    withRequester: flag,
    passedOver,
    morePassedOver: optionalWhole,
    /** The first weaker rule that did not decide because labels are too new. */
    heldBack: v.exactOptional(heldBack),
    /** Labels of the key, only where a rule asked for them: what the rules read, and a fingerprint of all. */
    ...labels,
    /** What could not be read, and so was decided without. */
    unreadable: v.exactOptional(v.array(v.picklist(["tags", "aliases"]))),
    /** Where people decide: the persons of the group as the policy named them then. Nobody joins later. */
    approvers: v.exactOptional(texts),
  },
  "deletion-allowed": { by: v.picklist(["rule", "approval", "permit"]) },
} as const satisfies Kinds;
