import { day, deletionRequest, paymentKey, reaper, t0 } from "../doubles/key-world.ts";
import type { Configuration } from "./explore.ts";
import { agreesInTheEnd, diesInTheEnd, livesInTheEnd } from "./fair-end.ts";
import { allowingReaper, askedAbout, askingTwo, pausing, restoring } from "./policies.ts";

const quarter = 15 * 60_000;
const byAlice = deletionRequest();
const byReaper = deletionRequest({ requester: reaper });
const secondId = "11111111-1111-4111-8111-111111111111";
const heard = (request = byAlice, deliveries = 2) => ({ request, inHistory: request, deliveries });

/** Nobody but the guard and the sweep touches the key. */
export const guardedAlone: readonly Configuration[] = [
  {
    name: "restore; the event twice at once; a crash",
    policy: restoring(),
    deletions: [heard()],
    budget: { crash: 1, sweep: 1 },
    end: livesInTheEnd,
  },
  {
    name: "restore, usage started again; a call that fails",
    policy: restoring(),
    key: paymentKey({ enabled: false, usageStoppedAt: t0 }),
    deletions: [heard()],
    budget: { fault: 1, sweep: 1 },
    end: livesInTheEnd,
  },
  {
    name: "the event is lost; two sweeps at any time",
    policy: allowingReaper(),
    deletions: [heard(byAlice, 0)],
    budget: { sweep: 2, crash: 1, time: [quarter] },
    end: livesInTheEnd,
  },
  {
    name: "allowed and confirmed; late, double, with a crash",
    policy: allowingReaper(),
    deletions: [heard(byReaper)],
    budget: { crash: 1, sweep: 1, time: [quarter] },
    end: diesInTheEnd,
  },
  {
    name: "a forged event; CloudTrail tells another story",
    policy: allowingReaper(),
    deletions: [{ request: byReaper, inHistory: byAlice, deliveries: 1 }],
    budget: { sweep: 1, crash: 1, time: [quarter] },
    end: livesInTheEnd,
  },
  {
    name: "a forged event; CloudTrail knows of no call",
    policy: allowingReaper(),
    deletions: [{ request: byReaper, deliveries: 1 }],
    budget: { sweep: 2, time: [quarter, 4 * quarter] },
    end: livesInTheEnd,
  },
  {
    name: "two people pause the guard at any time; a sweep, a crash",
    policy: restoring("enforce", pausing),
    deletions: [heard(byAlice, 1)],
    budget: { pause: 1, sweep: 1, crash: 1, time: [quarter] },
    end: livesInTheEnd,
  },
  {
    name: "an allowed deletion, and a pause at any time",
    policy: allowingReaper(pausing),
    deletions: [heard(byReaper)],
    budget: { pause: 1, sweep: 1, time: [9 * quarter] },
    end: diesInTheEnd,
  },
];

/** People restore and delete by hand, or are asked. */
export const amongPeople: readonly Configuration[] = [
  {
    name: "restored by hand, and deleted again",
    policy: restoring(),
    deletions: [heard(byAlice, 1), heard(deletionRequest({ eventId: secondId, at: t0 + 1000 }), 1)],
    budget: { restoreByHand: 1, deleteByHand: 1, sweep: 1 },
    end: livesInTheEnd,
  },
  {
    name: "allowed, undone by hand, deleted again by someone else",
    policy: allowingReaper(),
    deletions: [heard(byReaper, 1), heard(deletionRequest({ eventId: secondId, at: t0 + 1000 }), 1)],
    budget: { restoreByHand: 1, deleteByHand: 1, sweep: 1 },
    end: agreesInTheEnd,
  },
  {
    name: "allowed by a rule and confirmed; one person keeps the key at any time, a crash",
    policy: allowingReaper(),
    deletions: [heard(byReaper, 1)],
    budget: { votes: ["bob keep"], sweep: 1, crash: 1, time: [quarter], reEvaluate: 1 },
    end: agreesInTheEnd,
  },
  {
    name: "people are asked, the key lives meanwhile; two approve, one keeps",
    policy: askingTwo("restored"),
    kind: askedAbout,
    deletions: [heard(byAlice, 1)],
    budget: { votes: ["bob approve", "carol approve", "bob keep"], reEvaluate: 1 },
    end: livesInTheEnd,
  },
  {
    name: "people are asked, the key stays pending; votes, the deadline, a crash",
    policy: askingTwo("pending"),
    kind: askedAbout,
    deletions: [heard(byAlice, 1)],
    budget: { votes: ["bob approve", "carol approve"], reEvaluate: 1, crash: 1, time: [day + quarter] },
    end: agreesInTheEnd,
  },
  {
    name: "people approve on the word of a forged event; CloudTrail tells another story",
    policy: askingTwo("pending"),
    kind: askedAbout,
    deletions: [{ request: byReaper, inHistory: byAlice, deliveries: 1 }],
    budget: { votes: ["alice approve", "bob approve", "carol approve"], reEvaluate: 1, sweep: 1, time: [quarter] },
    end: livesInTheEnd,
  },
];

/** Policies and modes are deployed between any two steps; a permit is planned before the deletion. */
export const amongDeployments: readonly Configuration[] = [
  {
    name: "observed, then enforced at any time; a sweep, a crash",
    policy: restoring("observe"),
    deploys: [restoring()],
    deletions: [heard(byAlice, 1)],
    budget: { deploy: 1, sweep: 1, crash: 1, time: [quarter] },
    end: agreesInTheEnd,
  },
  {
    name: "observed, undone by hand, deleted again; enforced at any time",
    policy: restoring("observe"),
    deploys: [restoring()],
    deletions: [heard(byAlice, 1), heard(deletionRequest({ eventId: secondId, at: t0 + 1000 }), 1)],
    budget: { deploy: 1, restoreByHand: 1, deleteByHand: 1, sweep: 1 },
    end: agreesInTheEnd,
  },
  {
    name: "two people pause the guard while a policy is deployed that restores",
    policy: allowingReaper(pausing),
    deploys: [restoring("enforce", pausing)],
    deletions: [heard(byReaper, 1)],
    budget: { deploy: 1, pause: 1, sweep: 1, time: [9 * quarter] },
    end: agreesInTheEnd,
  },
  {
    name: "enforced, observed, enforced again",
    policy: restoring(),
    deploys: [restoring("observe"), restoring()],
    deletions: [heard(byAlice, 1)],
    budget: { deploy: 2, sweep: 1, crash: 1 },
    end: agreesInTheEnd,
  },
  {
    name: "allowed, then a policy that restores",
    policy: allowingReaper(),
    deploys: [restoring()],
    deletions: [heard(byReaper, 1)],
    budget: { deploy: 1, sweep: 1, crash: 1, time: [quarter] },
    end: agreesInTheEnd,
  },
  {
    name: "restored, then a policy that allows",
    policy: restoring(),
    deploys: [allowingReaper()],
    deletions: [heard(byReaper, 1)],
    budget: { deploy: 1, sweep: 1, crash: 1, time: [quarter] },
    end: agreesInTheEnd,
  },
  {
    name: "people are asked, then only observed; one approves",
    policy: askingTwo("pending"),
    deploys: [askingTwo("pending", "observe")],
    kind: askedAbout,
    deletions: [heard(byAlice, 1)],
    budget: { deploy: 1, votes: ["bob approve"], sweep: 1, time: [quarter] },
    end: agreesInTheEnd,
  },
  {
    name: "a permit is planned while the key is restored, and deleted again",
    policy: askingTwo("restored"),
    kind: askedAbout,
    deletions: [heard(byAlice, 1), heard(deletionRequest({ eventId: secondId, at: t0 + 2_000 }), 1)],
    budget: {
      permits: ["dave request", "bob approve", "carol approve", "bob revoke"],
      deleteByHand: 1,
      time: [2_000],
    },
    end: agreesInTheEnd,
  },
];
