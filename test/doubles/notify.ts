import type { NotifyBatch } from "../../functions/notify/batch.ts";
import type { RepeatedDeletions } from "../../lib/domain/deletion/repeated-deletions.ts";
import { type CaseName, caseNameText } from "../../lib/domain/ledger/case-name.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import { changeChainName, changePermitChainName } from "../../lib/domain/ledger/chain-name.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { permitNameText } from "../../lib/domain/ledger/permit-name.ts";
import { type ChannelSettings, createCaseChannel } from "../../lib/slack/case-channel.ts";
import type { Announcer } from "../../lib/workflows/notify/notification.ts";
import { toAsk, toRestore } from "./case-builder.ts";
import { chainBefore } from "./chain-names.ts";
import { directoryOf } from "./directory.ts";
import { day, deletionRequest, keyArn, paymentKey, t0 } from "./key-world.ts";
import { createMemoryLedger, createMemoryNoticeBoard } from "./memory-notice-board.ts";
import { createMemoryPauseBook } from "./memory-pause-book.ts";
import { createMemoryReceiptBook } from "./memory-receipt-book.ts";
import { createMemorySlack } from "./memory-slack.ts";
import { createMemoryStackBook } from "./stack-records.ts";

/** The first deletion of key number `n`. */
export function caseNo(n: number): CaseName {
  return { keyArn: keyArn(`burst${String(n).padStart(11, "0")}`), generation: 1 };
}

export function detectionOf(name: CaseName, request: Parameters<typeof deletionRequest>[0] = {}): EntryBody {
  const target = { kind: "arn" as const, arn: name.keyArn };
  return {
    kind: "deletion-detected",
    case: name,
    source: "event",
    guardVersion: "0.1.0",
    key: paymentKey({ arn: name.keyArn }),
    deletePendingAt: t0 + 3 * day,
    request: deletionRequest({ target, eventId: caseNameText(name), ...request }),
  };
}

const back: readonly EntryBody[] = [
  { kind: "restore-intended", late: false },
  { kind: "key-restored", enabled: true, how: "answered", restoredAfterMs: 1500 },
  { kind: "key-usable", how: "answered", timeToUsableMs: 2300, despiteRule: false },
];
/** A key that is restored, as nearly every case tells it. */
export const restoredCase = (name: CaseName): EntryBody[] => [detectionOf(name), toRestore, ...back];
/** A case under `observe`: nothing of it is mailed. */
export const observedCase = (name: CaseName): EntryBody[] => [detectionOf(name), { ...toRestore, mode: "observe" }];

/** A question that two approve, after a reminder. */
export const askedCase = (name: CaseName): EntryBody[] => [
  detectionOf(name),
  { ...toAsk, approvers: ["alice", "bob", "carol"] },
  ...back,
  { kind: "approval-requested", from: "custodians", quorum: 2, deadline: t0 + day },
  { kind: "approval-reminded", percent: 50 },
  vote("bob"),
  vote("carol"),
  { kind: "approval-granted", by: ["bob", "carol"], quorum: 2 },
];

function vote(person: string): EntryBody {
  const voter = { via: "slack", userId: `U0${person.toUpperCase()}` } as const;
  return { kind: "vote-cast", vote: { id: person, choice: "approve", voter, reason: "CHG-1" }, person };
}

export interface NotifyOptions {
  readonly slack?: boolean;
  readonly settings?: Partial<ChannelSettings>;
}

/** The notify function in a world of doubles. Cases are as told by `tell`; messages are worked off by `functions/notify/batch.ts`. */
export function createNotifyWorld({ slack: withSlack = true, settings = {} }: NotifyOptions = {}) {
  const chains = new Map<string, Chain>();
  const board = createMemoryNoticeBoard();
  const slack = createMemorySlack();
  const mails: { subject: string; text: string }[] = [];
  const logged: { code: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const raised: RepeatedDeletions[] = [];
  const delayed: number[] = [];
  const deadLetters: [string, string][] = [];
  const labelsSeen: Announcer["labelsSeen"] = async () => undefined;
  const world = { time: { now: t0 + 10_000 }, topicFault: () => {}, labelsSeen };
  const directory = directoryOf();
  const pauses = createMemoryPauseBook();
  const permits = new Map<string, Chain>();
  const changes = new Map<string, Chain>();
  const receipts = createMemoryReceiptBook();
  const book = createMemoryStackBook();
  let runs = 0;
  const announcer: Announcer = {
    cases: {
      read: async (name) => {
        const chain = chains.get(caseNameText(name));
        return chain && { chain, failures: 0, published: 0 };
      },
    },
    board,
    labelsSeen: async (arn) => await world.labelsSeen(arn),
    ...(withSlack && { channel: createCaseChannel(slack, directory, { channel: "C0KEYS", ...settings }) }),
    mail: async (subject, text) => {
      world.topicFault();
      mails.push({ subject, text });
    },
    directory,
    clock: () => world.time.now,
    newRunId: () => {
      runs += 1;
      return `run-${runs}`;
    },
    log: (code, fields) => logged.push({ code, fields }),
  };
  const batch: NotifyBatch = {
    announcer,
    ledger: createMemoryLedger(),
    raise: async (alarm) => void raised.push(alarm),
    pauses,
    changes: { read: async (name) => changes.get(changeChainName(name)) },
    permits: { read: async (name) => changes.get(changePermitChainName(name)) },
    policy: { changeRules: [], directory },
    readPermit: async (name) => permits.get(permitNameText(name)),
    readReceipt: receipts.read,
    book,
    queue: {
      retryAfter: async (_, seconds) => void delayed.push(seconds),
      deadLetter: async (body, code) => void deadLetters.push([body, code]),
    },
    stack: { account: "111122223333", region: "us-east-1" },
    maxReceives: 100,
  };
  /** The case `name` as its first `bodies` tell it, a second apart. */
  const publish = (name: CaseName, bodies: readonly EntryBody[]) => {
    const chain = bodies.reduce<Chain>(
      (before, body, n) => append(before, body, t0 + n * 1000),
      chainBefore(bodies[0]),
    );
    chains.set(caseNameText(name), chain);
    return chain;
  };
  const out = { book, pauses, permits, changes, receipts, slack, mails, logged, raised, delayed, deadLetters };
  return { ...out, board, announcer, batch, directory, tell: publish, world };
}

/** An event of our own bus as the queue delivers it. */
export function ownEvent(type: string, detail: object, overrides: object = {}): string {
  return JSON.stringify({
    source: "reprieve",
    "detail-type": type,
    account: "111122223333",
    region: "us-east-1",
    detail,
    ...overrides,
  });
}
