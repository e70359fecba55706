import type { FunctionName } from "../../../scripts/bundle.ts";
import type { Replacement } from "./plant.ts";

/** One fault put into the product's code. `regressions/<name>.json` is the plan that finds it. */
export interface PlantedFault {
  readonly name: string;
  /** Functions whose code has it. */
  readonly functions: readonly FunctionName[];
  readonly replacements: readonly Replacement[];
  /** Which violation the plan finds. */
  readonly finds: RegExp;
}

/** Functions that act on keys. */
const acting: readonly FunctionName[] = ["guard", "sweep"];
/** Functions that judge changes and what people decide about them. */
const deciding: readonly FunctionName[] = ["remediation", "votes"];

function inFile(file: string, ...texts: readonly (readonly [string, string])[]): Replacement[] {
  return texts.map(([text, fault]) => ({ file, text, fault }));
}

const unconfirmed = inFile(
  "case/confirmation.ts",
  [
    "return state.allowed && state.end === undefined && isOpen;",
    "return state.allowed && state.end === undefined && isOpen && state.generation < 0;",
  ],
  [
    'return asked && confirmation === "open" && restore === "none" && end === undefined;',
    'return asked && confirmation === "open" && restore === "none" && end === undefined && question === undefined;',
  ],
);

const withoutForwardReading = inFile("case/history-mark.ts", [
  'if (end !== undefined || restore !== "none" || first === undefined) return undefined;',
  'if (end !== undefined || restore !== "none" || first?.at !== 0) return undefined;',
]);

const withoutLease = [
  ...inFile("dynamodb/case-item.ts", [
    "OR leaseOwner = :owner OR leaseUntil <= :now)",
    "OR leaseOwner = :owner OR leaseUntil <= :now OR attribute_exists(pk))",
  ]),
  ...inFile("guard/guard-deletion.ts", ["newest.lease.until > now)", "newest.lease.until > now && now < 0)"]),
];

/** Every planted fault; each was in this code once, or is the loss of a rule that everything rests on. */
export const plantedFaults: readonly PlantedFault[] = [
  {
    name: "lease-check-removed",
    functions: acting,
    replacements: withoutLease,
    finds: /^(OVERLAP|I4)/,
  },
  {
    name: "version-check-removed",
    functions: [...acting, "votes"],
    replacements: inFile("dynamodb/case-item.ts", [
      "#version = :expected AND",
      "(#version = :expected OR attribute_exists(pk)) AND",
    ]),
    finds: /^I5/,
  },
  {
    name: "observed-never-decided-again",
    functions: acting,
    replacements: inFile("plan/pending-key.ts", [
      'const provisional = decision?.mode === "observe" && mode === "enforce";',
      "const provisional = false;",
    ]),
    finds: /^DEATH/,
  },
  {
    name: "restore-put-off-until-observe",
    functions: acting,
    replacements: inFile("plan/pending-key.ts", [
      'case "restore":\n      return restoreNow(deletePendingAt, situation);',
      'case "restore":\n      return leftAlone(deletePendingAt, situation.now, verifyEveryMs);',
    ]),
    finds: /^DEATH/,
  },
  {
    name: "hidden-key-left-alone",
    functions: acting,
    replacements: inFile("guard/observe-key.ts", [
      "const code = codeOf(error);",
      'const code = codeOf(error);\n    if (code === "ACCESS_DENIED") throw error;',
    ]),
    finds: /^DEATH/,
  },
  {
    name: "failing-getkey-ends-the-look",
    functions: acting,
    replacements: inFile("guard/observe-key.ts", [
      "const code = codeOf(error);",
      'const code = codeOf(error);\n    if (code !== "ACCESS_DENIED") throw error;',
    ]),
    finds: /^DEATH/,
  },
  {
    name: "wait-begins-with-each-run",
    functions: acting,
    replacements: inFile("plan/undated-key.ts", [
      "const since = withoutRecord ? requests.at(-1)?.at : openedAt;",
      "const since = openedAt;",
    ]),
    finds: /^DEATH/,
  },
  {
    name: "writes-fail-and-sweep-gives-up",
    functions: ["sweep"],
    replacements: [
      ...inFile("sweep/sweep.ts", [
        'if (task.do !== "look" || controlPlaneFaults.includes(codeOf(error))) return false;',
        'if (task.do !== "finish" || controlPlaneFaults.includes(codeOf(error))) return false;',
      ]),
      ...inFile("guard/guard-deletion.ts", [
        "if (isStoreFailure(error)) await",
        'if (isStoreFailure(error) && trigger.source === "event") await',
      ]),
    ],
    finds: /^DEATH/,
  },
  {
    name: "unbounded-items",
    functions: acting,
    replacements: [
      ...inFile(
        "ledger/recorded-labels.ts",
        ["const maxListed = 20;", "const maxListed = 20_000;"],
        ["const maxTagsBytes = 2_048;", "const maxTagsBytes = 2_048_000;"],
        ["const maxValueBytes = 512;", "const maxValueBytes = 51_200;"],
      ),
      ...inFile("case/size-limits.ts", [
        "if (last === undefined || entries.length === 1) return true;",
        "if (texts.length >= 0) return true;",
      ]),
    ],
    finds: /^SIZE/,
  },
  {
    name: "sweep-starves",
    functions: ["sweep"],
    replacements: [
      ...inFile("sweep/plan.ts", [
        'if (a.attention !== b.attention) return a.attention === "due" ? -1 : 1;',
        "if (a.sensitive !== b.sensitive) return a.sensitive ? -1 : 1;",
      ]),
      ...inFile("plan/attention.ts", ['if (dueAt > now) return "idle";\n  return isRest', "return isRest"]),
      ...inFile("sweep/allot-time.ts", ["const shareByLot = 1 / 4;", "const shareByLot = 0;"]),
    ],
    finds: /^(LATE|PENDING|DEATH)/,
  },
  {
    name: "silent-failures",
    functions: acting,
    replacements: inFile(
      "shared/log-table.ts",
      [
        'PUBLISH_FAILED: { level: "warn", counts: "AnnouncementsFailed" }',
        'PUBLISH_FAILED: { level: "warn", harmless: "planted" }',
      ],
      ["Number(deliveries) >= stuckAfter ?", "Number(deliveries) >= Infinity ?"],
    ),
    finds: /^SILENCE: guard/,
  },
  {
    name: "labels-awaited-forever",
    functions: acting,
    replacements: [
      ...inFile(
        "guard/advance.ts",
        ["if (isNearDestruction(state, now, lastMomentMs)) return true;", ""],
        ["return since !== undefined && (deliveries", "return since !== undefined && now < 0 && (deliveries"],
      ),
    ],
    finds: /^(LATE|DEATH)/,
  },
  {
    name: "labels-failing-once-decide",
    functions: acting,
    replacements: inFile("guard/advance.ts", [
      "if (isNearDestruction(state, now, lastMomentMs)) return true;",
      "if (now > 0) return true;",
    ]),
    finds: /^UNDONE/,
  },
  {
    name: "keep-does-not-revoke",
    functions: [...acting, "votes"],
    replacements: inFile("approval/permit.ts", [
      "return keep !== undefined && requestedAt <= keep.at;",
      "return keep !== undefined && requestedAt > keep.at;",
    ]),
    finds: /^DEATH/,
  },
  {
    name: "fail-open-forgets-the-record",
    functions: ["guard"],
    replacements: [
      ...inFile("guard/guard-deletion.ts", [
        "await failOpen(guard, trigger, run);",
        "await failOpen(guard, trigger, undefined);",
      ]),
      ...inFile("guard/fail-open.ts", [
        "permits: async (arn) => await cases.permits(arn).catch(() => []),",
        "permits: async () => [],",
      ]),
    ],
    finds: /^UNDONE/,
  },
  {
    name: "forged-record-hides-the-requester",
    functions: [...acting, "votes"],
    replacements: [
      ...inFile("case/recorded-requesters.ts", [
        "[...state.requests, ...suspectRequests(state)].map(",
        "[...state.requests, ...suspectRequests(state).slice(0, 0)].map(",
      ]),
      ...unconfirmed,
    ],
    finds: /^DEATH/,
  },
  {
    name: "confirmation-not-awaited",
    functions: acting,
    replacements: unconfirmed,
    finds: /^DEATH/,
  },
  {
    name: "confirmed-once-and-never-again",
    functions: acting,
    replacements: [
      ...withoutForwardReading,
      ...inFile("case/confirmation.ts", [
        "return at !== undefined && isNearDestruction(state, now)",
        "return at !== undefined && now < 0 && isNearDestruction(state, now)",
      ]),
    ],
    finds: /^DEATH/,
  },
  {
    name: "permit-of-a-weaker-rule",
    functions: acting,
    replacements: inFile("approval/permit-holder.ts", [
      "new Set(counted).size >= approval.quorum + (allKnown ? 0 : 1)",
      "new Set(counted).size >= 1",
    ]),
    finds: /^DEATH/,
  },
  {
    name: "asked-without-a-record",
    functions: acting,
    replacements: inFile("plan/pending-key.ts", [
      "if (withoutRecord) return restoreNow(deletePendingAt, situation);\n  if (requester",
      "if (requester",
    ]),
    finds: /^LATE/,
  },
  {
    name: "own-write-not-recognised",
    functions: ["guard", "sweep", "votes", "notify"],
    // Either of the two recognises the write: by what it leaves, or by the request that it answers.
    replacements: [
      ...inFile("dynamodb/store-call.ts", [
        'item !== undefined && isOwn(item) ? "saved"',
        'item !== undefined && isOwn(item) && update.Key === undefined ? "saved"',
      ]),
      ...inFile("approve/record-permit.ts", [
        "if (recorded !== undefined) return",
        "if (recorded !== undefined && submitted.now < 0) return",
      ]),
    ],
    finds: /^TWICE/,
  },
  {
    name: "policy-of-today-not-asked",
    functions: ["sweep"],
    replacements: inFile("plan/pending-key.ts", [
      'const mayJudge = trigger === "sweep" && !reconsidered && !withoutRecord;',
      'const mayJudge = trigger === "event" && !reconsidered && !withoutRecord;',
    ]),
    finds: /^UNDONE/,
  },
  {
    name: "question-forgotten-under-observe",
    functions: acting,
    replacements: inFile("plan/mode-of-case.ts", [
      'newest.promised || newest.restore === "restored"',
      'newest.restore === "restored"',
    ]),
    finds: /^ASKED/,
  },
  {
    name: "disabled-when-observe-came",
    functions: acting,
    replacements: inFile("plan/mode-of-case.ts", [
      'newest.promised || newest.restore === "restored"',
      "newest.promised",
    ]),
    finds: /^I3/,
  },
  {
    name: "stopped-key-started",
    functions: acting,
    replacements: inFile("plan/live-key.ts", [
      'if ("why" in start) return',
      'if ("why" in start) return { do: "start-usage", evidence: "requested-by-person" };\n  if ("why" in start) return',
    ]),
    finds: /^STARTED/,
  },
  {
    name: "left-disabled-without-alarm",
    functions: acting,
    replacements: inFile("guard/publish-case.ts", ['"key-left-disabled": "KEY_LEFT_DISABLED",', ""]),
    finds: /^LEFT/,
  },
  {
    name: "key-left-disabled-without-need",
    functions: acting,
    replacements: inFile("case/usage-evidence.ts", [
      'return { evidence: "stopped-by-deletion" };',
      'return { why: "no-evidence-that-it-was-enabled" };',
    ]),
    finds: /^UNUSABLE/,
  },
  {
    name: "allowed-deletion-undone",
    functions: acting,
    replacements: inFile("plan/pending-key.ts", [
      'return allowed(newest, deletePendingAt, "rule", situation);',
      "return restoreNow(deletePendingAt, situation);",
    ]),
    finds: /^UNDONE/,
  },
  {
    name: "lost-event-waits-for-days",
    functions: ["sweep"],
    replacements: inFile("plan/attention.ts", [
      'if (newest === undefined) return listed ? "due" : "idle";',
      'if (newest === undefined) return "idle";',
    ]),
    finds: /^LATE/,
  },
  {
    name: "nobody-is-notified",
    functions: ["notify"],
    replacements: inFile("notify/announce-case.ts", [
      "  const notification: CaseNotification = Object.assign",
      "  if (state.generation > 0) return;\n  const notification: CaseNotification = Object.assign",
    ]),
    finds: /^UNTOLD/,
  },
  {
    name: "alarm-lost-in-a-crash",
    functions: acting,
    replacements: inFile(
      "guard/publish-case.ts",
      ["if (code !== undefined) log(code, { keyArn, generation });", "void code;"],
      [
        "closed);\n  } catch",
        "closed);\n    for (const { kind } of file.added) if (alarming[kind]) log(alarming[kind], { keyArn, generation });\n  } catch",
      ],
    ),
    finds: /^UNUSABLE/,
  },
  {
    name: "notice-posted-without-bound",
    functions: ["notify"],
    replacements: inFile(
      "notify/bounded-post.ts",
      ["if (before.count >= maxPosts) {", "if (before.count >= maxPosts && now < 0) {"],
      ["attempts < quickPosts ? 0", "attempts >= 0 ? 0"],
    ),
    finds: /^REPEATED/,
  },
  {
    name: "lease-check-removed-with-skew",
    functions: acting,
    replacements: withoutLease,
    finds: /^OVERLAP/,
  },
  {
    name: "mail-waits-for-slack",
    functions: ["notify"],
    replacements: inFile("notify/announce-case.ts", [
      "async () => await sendMail(notification),\n    async () => await postToChannel(notification),",
      "async () => {\n await postToChannel(notification);\n await sendMail(notification);\n },",
    ]),
    finds: /^UNTOLD/,
  },
  {
    name: "summary-counts-too-few",
    functions: ["notify"],
    replacements: inFile("notices/burst-summary.ts", [
      "return { count: grouped.length,",
      "return { count: Math.min(3, grouped.length),",
    ]),
    finds: /^UNTOLD/,
  },
  {
    name: "silent-now-and-then",
    functions: ["sweep"],
    replacements: [
      ...inFile("shared/log-table.ts", [
        'SWEEP_STEP_FAILED: { level: "warn", counts: "SweepStepsFailed" }',
        'SWEEP_STEP_FAILED: { level: "warn", harmless: "planted" }',
      ]),
      ...inFile("sweep/run-sweep.ts", ["if (stepError !== undefined) throw stepError;", "void stepError;"]),
    ],
    finds: /^SILENCE: sweep/,
  },
  {
    name: "keep-of-an-allowed-deletion-lost",
    functions: acting,
    replacements: inFile("plan/pending-key.ts", [
      "if (newest.kept || !mayBeLeftAlone(newest, situation))",
      "if (!mayBeLeftAlone(newest, situation))",
    ]),
    finds: /^KEPT/,
  },
  {
    name: "keep-reaches-no-permit",
    functions: [...acting, "votes"],
    replacements: [
      ...inFile("approval/permit.ts", [
        "if (revoked || isRevokedBy(keep, state)) return false;",
        'if (revoked || (isRevokedBy(keep, state) && permit.id.by === "case")) return false;',
      ]),
      ...inFile("guard/revoke-permits.ts", ["return permits.filter(", "return permits.slice(0, 0).filter("]),
    ],
    finds: /^DEATH/,
  },
  {
    name: "revoked-permit-used",
    functions: acting,
    replacements: inFile("approval/permit.ts", [
      "if (revoked || isRevokedBy(keep, state)) return false;",
      "if ((revoked && permit.until < 0) || isRevokedBy(keep, state)) return false;",
    ]),
    finds: /^DEATH/,
  },
  {
    name: "approved-by-the-requester",
    functions: acting,
    replacements: [...unconfirmed, ...withoutForwardReading],
    finds: /^DEATH/,
  },
  {
    name: "vote-of-a-requester-unknown-then",
    functions: [...acting, "votes"],
    replacements: inFile(
      "approval/dual-control.ts",
      [
        "[...approvals].filter((person) => eligible.includes(person))",
        "[...approvals].filter((person) => frozen.includes(person))",
      ],
      [
        "grantedBy?.filter((person) => !persons.includes(person))",
        "grantedBy?.filter((person) => !persons.slice(0, 0).includes(person))",
      ],
    ),
    finds: /^DEATH/,
  },
  {
    name: "late-enforcement-asks-nobody",
    functions: acting,
    replacements: inFile("plan/situation.ts", [
      'if (trigger === "sweep") return asked && isNearDestruction(state, now);',
      'if (trigger === "sweep") return (asked || now > 0) && isNearDestruction(state, now);',
    ]),
    finds: /^UNDONE/,
  },
  {
    name: "sparse-keys",
    functions: acting,
    replacements: inFile("payment-cryptography/key-observation.ts", [
      "KeyCheckValue: v.optional(text),",
      "KeyCheckValue: text,",
    ]),
    finds: /^(DEATH|UNUSABLE|PENDING)/,
  },
  {
    name: "calls-not-paced",
    functions: acting,
    replacements: inFile("payment-cryptography/pace.ts", ["if (slot > now) await sleep(slot - now);", ""]),
    finds: /^I8/,
  },
  {
    name: "young-labels-count",
    functions: acting,
    replacements: inFile("policy/label-age.ts", [
      'if (age === "assumed-old") return undefined;',
      'if (age === "assumed-old" || minAgeMs > 0) return undefined;',
    ]),
    finds: /^DEATH/,
  },
  {
    name: "history-flooded-before-a-forged-record",
    functions: ["sweep"],
    replacements: inFile("sweep/key.ts", [
      'record: isThere ? "unread" : await history.record(decidedOn.eventId)',
      'record: "unread"',
    ]),
    finds: /^LATE/,
  },
  {
    name: "stalled-answers-use-up-the-time",
    functions: acting,
    replacements: inFile("shared/whole-answers.ts", ["endInTime(output.response.body);", ""]),
    finds: /^UNTOLD/,
  },
  {
    name: "message-puts-off-the-sweep",
    functions: acting,
    replacements: inFile("guard/store-files.ts", [
      'return followUp(state, now) === "explain" ? Math.min(dueAt, now) : Math.min(dueAt, from);',
      "return Math.min(dueAt, Math.max(from, now + restMs));",
    ]),
    finds: /^UNUSABLE/,
  },
  {
    name: "intent-of-an-earlier-deletion",
    functions: acting,
    replacements: inFile("guard/key-effects.ts", ["const intended = intentStands && (late", "const intended = (late"]),
    finds: /^I4/,
  },
  {
    name: "permit-used-by-another",
    functions: acting,
    replacements: inFile("approval/permit.ts", [
      "isEarlier(permit, newest) && isHolder(permit, request.requester, directory)",
      "isEarlier(permit, newest)",
    ]),
    finds: /^DEATH/,
  },
  {
    name: "alarm-for-one-key-of-two",
    functions: acting,
    replacements: inFile("guard/publish-case.ts", [
      "if (code !== undefined) log(code",
      'if (code !== undefined && !keyArn.includes("0001")) log(code',
    ]),
    finds: /^UNUSABLE/,
  },
  {
    name: "pause-without-an-end",
    functions: acting,
    replacements: inFile("approval/pause.ts", [
      "return two && granted.at <= now && now < granted.until &&",
      "return two && granted.at <= now &&",
    ]),
    finds: /^LATE/,
  },
  {
    name: "silent-callbacks",
    functions: ["approval"],
    replacements: inFile("shared/log-table.ts", [
      'CALLBACK_FAILED: { level: "error", counts: "CallbacksFailed" },',
      'CALLBACK_FAILED: { level: "error" },',
    ]),
    finds: /^SILENCE: approval/,
  },
  {
    name: "record-waits-for-a-reminder",
    functions: acting,
    replacements: [
      ...inFile("guard/store-files.ts", [
        'if (trigger === "sweep") return Math.min(dueAt, Math.max(from, now + restMs));',
        'if (trigger === "sweep") return dueAt;',
      ]),
      ...inFile("plan/live-key.ts", ["lastSeen.at < state.openedAt", "lastSeen.at > 0"]),
    ],
    finds: /^UNUSABLE/,
  },
  {
    name: "permit-of-a-change-used-twice",
    functions: deciding,
    replacements: inFile("change/use-permit.ts", [
      "if (permit.used === undefined) await noteUse(deps, chain, eventId, hourOfChange(at));",
      "if (permit.used === undefined && at < 0) await noteUse(deps, chain, eventId, hourOfChange(at));",
    ]),
    finds: /^STANDS/,
  },
  {
    name: "own-vote-on-a-change",
    functions: deciding,
    replacements: inFile("approval/change-permit-command.ts", [
      'if (person === request.person || person === request.user) return refused("own-permit");',
      "",
    ]),
    finds: /^OWN/,
  },
  {
    name: "permit-of-a-change-used-late",
    functions: deciding,
    replacements: inFile("approval/change-permit.ts", [
      "if (at <= issued.at || at > lastUse(issued, approval)) return false;",
      "if (at <= issued.at || lastUse(issued, approval) < 0) return false;",
    ]),
    finds: /^STANDS/,
  },
  {
    name: "question-about-a-change-never-ends",
    functions: deciding,
    replacements: inFile("approval/change-permit-command.ts", [
      'if (now >= request.deadline) return refused("too-late");',
      "",
    ]),
    finds: /^ENDED/,
  },
  {
    name: "permit-of-a-change-for-another-key",
    functions: deciding,
    replacements: inFile("approval/change-permit.ts", [
      "if (to !== undefined && (after === undefined || recordedState(after).sha256 !== to.sha256)) return false;\n  const { group",
      "const { group",
    ]),
    finds: /^STANDS/,
  },
  {
    name: "permit-of-a-change-used-by-another",
    functions: deciding,
    replacements: inFile("approval/change-permit.ts", [
      "return isApprovedFor(holding, approval, callers, directory) && isHolder(holding, requester, directory);",
      "return isApprovedFor(holding, approval, callers, directory);",
    ]),
    finds: /^STANDS/,
  },
  {
    name: "permitted-change-undone",
    functions: deciding,
    replacements: inFile("change/judge.ts", [
      'return { outcome: "allow", rule: verdict.rule, permit };',
      "return { ...verdict, permit };",
    ]),
    finds: /^(REVERTED|FOUGHT)/,
  },
  {
    name: "stop-permitted-by-one",
    functions: deciding,
    replacements: [
      ...inFile("approval/permit-command.ts", [
        "return quorum + (subject === undefined ? 1 : 0);",
        "return quorum + (subject === undefined ? 0 : 0);",
      ]),
      ...inFile("approval/permit-holder.ts", [
        "new Set(counted).size >= approval.quorum + (allKnown ? 0 : 1)",
        "new Set(counted).size >= approval.quorum",
      ]),
    ],
    finds: /^STOPPED/,
  },
  {
    name: "started-by-a-policy-of-before",
    functions: deciding,
    replacements: inFile("change/why-not-started.ts", [
      "if (!persons.includes(start.request.person)) return false;",
      "if (!(verdict?.starters ?? persons).includes(start.request.person)) return false;",
    ]),
    finds: /^STARTED/,
  },
  {
    name: "started-after-another-stop",
    functions: deciding,
    replacements: inFile("change/why-not-started.ts", [
      "return ((await book.latestHour(name)) ?? name.hour) > name.hour;",
      "return ((await book.latestHour(name)) ?? name.hour) < name.hour;",
    ]),
    finds: /^STARTED/,
  },
  {
    name: "change-not-asked-about",
    functions: deciding,
    replacements: inFile("change/revert-change.ts", [
      "const asked = await askPeople(deps, sight, judged);",
      'const asked = await askPeople(deps, sight, { ...judged, outcome: "revert" });',
    ]),
    finds: /^UNASKED/,
  },
  {
    name: "change-nobody-heard-of",
    functions: ["notify"],
    replacements: inFile("notices/change-text.ts", [
      'if (entry.outcome === "allow") {',
      'if (entry.outcome === "allow" || entry.outcome === "notify") {',
    ]),
    finds: /^UNHEARD/,
  },
  {
    name: "alias-pointed-back-without-a-record",
    functions: deciding,
    replacements: inFile("change/revert-change.ts", [
      "const begun = isBegun\n    ? chain",
      "const begun = isBegun || ageMs > -1\n    ? chain",
    ]),
    finds: /^(UNRECORDED|I4)/,
  },
  {
    name: "answer-about-a-change-untold",
    functions: ["notify"],
    replacements: inFile("notices/change-permit-text.ts", [
      'case "change-permit-revoked":',
      'case "change-permit-used":',
    ]),
    finds: /^UNANSWERED/,
  },
  {
    name: "look-that-kills-leaves-no-record",
    functions: acting,
    replacements: inFile("guard/record-first.ts", [
      'if (trigger.source !== "event" || trigger.deliveries < recordFirstFrom) return false;',
      'if (trigger.source !== "event" || trigger.deliveries > 0) return false;',
    ]),
    finds: /^UNTOLD/,
  },
  {
    name: "deliberate-stop-undone-with-an-earlier-one",
    functions: deciding,
    replacements: inFile("change/revert-change.ts", [
      "if (await isMadeSince(deps, sight, chain))",
      "if (deliveries < 0 && (await isMadeSince(deps, sight, chain)))",
    ]),
    finds: /^STARTED/,
  },
  {
    name: "start-of-an-older-case",
    functions: [...acting, "votes"],
    replacements: [
      ...inFile("approve/record-vote.ts", [
        'return isOver ? refused("too-late") : judgeUsageStart',
        "return judgeUsageStart",
      ]),
      ...inFile("guard/store-files.ts", ["files.length === 0 ? [] : earlier", "files.length >= 0 ? [] : earlier"]),
    ],
    finds: /^I3/,
  },
  {
    name: "deleted-again-while-people-are-asked",
    functions: acting,
    replacements: inFile("plan/next-step.ts", [
      "if (restoredAt !== undefined) return newRequest.at > restoredAt - clockSkewMs;",
      "if (restoredAt !== undefined) return newRequest.at < 0;",
    ]),
    finds: /^DEATH/,
  },
];
