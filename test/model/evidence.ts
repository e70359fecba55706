import type { LabelledKey } from "../simulation/local.ts";
import type { KeyKind, Plan } from "../simulation/plan.ts";
import { consentedStaysDone } from "../simulation/promise/consented-stays-done.ts";
import { noUnallowedDeath } from "../simulation/promise/no-unallowed-death.ts";
import type { Evidence } from "../simulation/promise/promise.ts";
import { usableAgain } from "../simulation/promise/usable-again.ts";
import type { ModelWorld } from "./model-world.ts";

/** What the simulator promises of one key, as far as the model has what it is about. */
const promises = [noUnallowedDeath, consentedStaysDone, usableAgain];

/** Returns in words what the world violates of the promise, judged from the key, acts and people alone. */
export function brokenPromises(world: ModelWorld): readonly string[] {
  return promises.flatMap((holds) => holds(evidenceOf(world)));
}

/** A plan in which no request fails: runs die and calls fail in the model too, but never for as long as the oracle looks at. */
function planOf(kind: KeyKind): Plan {
  return {
    ...{ seed: 0, mode: "enforce", policy: "base", keys: [kind], hostile: false, acts: [], faults: [] },
    ...{ sweepEveryMs: 0, noise: { rate: 0, fates: [] }, skewsMs: [0], indexLagMs: 0, historyLagMs: 0 },
  };
}

/** When people were notified of a question about the newest deletion: what was published, not what a case holds. */
function questionsIn({ made, deletions, chronicle }: ModelWorld): Evidence["chronicle"]["asked"] {
  const asked = made.bus.published.some(
    ({ kind, generation }) => kind === "approval-requested" && generation === deletions,
  );
  return asked ? chronicle.deletions.slice(-1).map(({ at }) => ({ key: 0, at, postedAt: at })) : [];
}

function evidenceOf(world: ModelWorld): Evidence {
  const { chronicle, keys, beganAt, now, made } = world;
  chronicle.asked.push(...questionsIn(world));
  const { state, key } = keys;
  const KeyState = state === "GONE" ? "DELETE_COMPLETE" : state;
  const leftDisabled = made.bus.published.some(({ kind }) => kind === "key-left-disabled");
  return {
    ...{ plan: planOf(chronicle.kinds[0] ?? "card"), chronicle, beginning: beganAt, end: now },
    // Of a key the oracle reads these two.
    keys: [{ KeyState, Enabled: key.enabled } as LabelledKey],
    counted: leftDisabled ? [{ at: now, name: "KeysLeftDisabled", value: 1 }] : [],
    permitsRequested: made.cases.permitTexts().filter((text) => /#p\d+ /.test(text)).length,
    ...{ posts: [], notices: [], passes: [] },
    ...{ overlaps: [], failures: [], calls: [], largestItem: { bytes: 0, id: "" }, told: "" },
  };
}
