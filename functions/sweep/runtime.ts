import { randomUUID } from "node:crypto";
import { policyText } from "reprieve:build";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { createEventHistory } from "../../lib/aws/cloudtrail/event-history.ts";
import { createCallBook } from "../../lib/aws/dynamodb/call-book.ts";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import { createChangeQuestions } from "../../lib/aws/dynamodb/change-permit-book.ts";
import { createHistoryMarks } from "../../lib/aws/dynamodb/history-marks.ts";
import { createKeyInventory } from "../../lib/aws/dynamodb/key-inventory.ts";
import { createLabelBook } from "../../lib/aws/dynamodb/label-book.ts";
import { createLabelsSeen } from "../../lib/aws/dynamodb/label-part.ts";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { createPolicyBook } from "../../lib/aws/dynamodb/policy-book.ts";
import { createStackBook } from "../../lib/aws/dynamodb/stack-book.ts";
import { type DeadLetterQueue, type QueueUrls, type Redriven, redrive } from "../../lib/aws/events/dead-letters.ts";
import { createCaseBus, createNotifyChangePermit, createNotifyPauseChanged } from "../../lib/aws/events/event-bus.ts";
import { createPaymentKeys } from "../../lib/aws/payment-cryptography/control-plane.ts";
import { createKeyLists } from "../../lib/aws/payment-cryptography/key-lists.ts";
import { createPace } from "../../lib/aws/payment-cryptography/pace.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import { UnrecordedRestores } from "../../lib/workflows/guard/unrecorded-restores.ts";
import { createStackRecords } from "../../lib/workflows/stack/stack-records.ts";
import { selfCheck } from "../../lib/workflows/sweep/self-check.ts";
import type { LogStatus } from "../../lib/workflows/sweep/sequence-log.ts";
import { clientTimeouts } from "../shared/client-timeouts.ts";
import { countingCalls } from "../shared/counted.ts";
import { environment } from "../shared/environment.ts";
import { type Foundation, layFoundation, once } from "../shared/runtime.ts";
import { readSettings, type Settings, settingsOf } from "../shared/settings.ts";
import { onceAnHour } from "./hourly.ts";
import type { Sweeping } from "./run-sweep.ts";
import { createStateInventory } from "./state-inventory.ts";

/** CloudTrail allows 2 lookups a second per account and region; someone else may want one. */
const lookupsPerSecond = 1.5;

/** The longest that ten messages take to be received, sent and deleted. */
const redriveBatchMs = 30_000;

type Timed = Pick<Context, "getRemainingTimeInMillis">;

function queuesOf(settings: Settings<"sweep">): QueueUrls {
  return {
    guard: settings.GUARD_QUEUE_URL,
    notify: settings.NOTIFY_QUEUE_URL,
    votes: settings.VOTE_QUEUE_URL,
    remediation: settings.REMEDIATION_QUEUE_URL,
    deadLetters: {
      guard: settings.GUARD_DEAD_LETTERS_URL,
      notify: settings.NOTIFY_DEAD_LETTERS_URL,
      votes: settings.VOTES_DEAD_LETTERS_URL,
      remediation: settings.REMEDIATION_DEAD_LETTERS_URL,
      rule: settings.RULE_DEAD_LETTERS_URL,
    },
  };
}

/** The sweep's clients, made once per execution environment. */
export function createSweepRuntime(): Foundation & {
  readonly sweeping: Sweeping;
  readonly redriving: (from: DeadLetterQueue, context: Timed) => Promise<Redriven>;
} {
  const settings = readSettings(settingsOf.sweep, environment);
  const foundation = layFoundation();
  const { clock, pause, log, metrics, policy, version } = foundation;
  const control = new PaymentCryptographyClient(clientTimeouts);
  const store = new DynamoDBClient(clientTimeouts);
  const bus = new EventBridgeClient(clientTimeouts);
  const logWriter = once(async () => (await import("./log-clients.ts")).createLogWriter(store, settings, clock, log));
  let logStatus: () => LogStatus = () => ({ unsigned: 0 });
  const inventory = {
    ...createKeyInventory(store, settings.CASES_TABLE),
    labelsSeen: createLabelsSeen(store, settings.CASES_TABLE),
  };
  const pace = countingCalls(createPace(settings.CONTROL_PLANE_CALLS_PER_SECOND, clock, pause), metrics);
  const stack = { account: settings.ACCOUNT_ID, region: settings.AWS_REGION };
  const guard: Guard = {
    policy,
    keys: createPaymentKeys(control, pace),
    cases: createCaseStore(store, settings.CASES_TABLE),
    pauses: createPauseBook(store, settings.CASES_TABLE),
    inventory,
    bus: createCaseBus(bus, settings.EVENT_BUS_NAME),
    clock,
    newRunId: randomUUID,
    log,
    unrecorded: new UnrecordedRestores(),
    version,
  };
  const states = createStateInventory(settings, { store, control, pace });
  const selfChecker = once(async () => {
    const { createSelfCheck } = await import("./self-checker.ts");
    return createSelfCheck(settings, guard, bus, { logStatus: () => logStatus(), progress: states.progress });
  });
  return {
    ...foundation,
    redriving: async (from, { getRemainingTimeInMillis }) => {
      const timeLeft = () => getRemainingTimeInMillis() > redriveBatchMs;
      const redriven = await redrive(new SQSClient(clientTimeouts), queuesOf(settings), from, { clock, timeLeft });
      log("DEAD_LETTERS_REDRIVEN", { from, ...redriven });
      return redriven;
    },
    sweeping: {
      sweeper: {
        guard,
        keyLists: createKeyLists(control),
        sequence: async (chains, timeLeft) => {
          const { sequence, status } = await logWriter();
          logStatus = status;
          return await sequence(chains, timeLeft);
        },
        notifyPauseChanged: createNotifyPauseChanged(bus, settings.EVENT_BUS_NAME),
        reminders: {
          questions: createChangeQuestions(store, settings.CASES_TABLE),
          notify: createNotifyChangePermit(bus, settings.EVENT_BUS_NAME),
        },
        inventory,
        labels: createLabelBook(store, settings.CASES_TABLE),
        states,
        records: createStackRecords({
          book: createStackBook(store, settings.CASES_TABLE),
          calls: createCallBook(store, settings.CASES_TABLE),
          policies: createPolicyBook(store, settings.CASES_TABLE),
          policy: {
            ...{ policyHash: policy.hash, mode: policy.mode, guardVersion: version, text: policyText },
            ...(settings.DEPLOYED_BY !== "none" && { claimedDeployer: settings.DEPLOYED_BY }),
          },
          ...{ clock, log },
        }),
        marks: createHistoryMarks(store, settings.CASES_TABLE),
        history: createEventHistory(
          new CloudTrailClient(clientTimeouts),
          stack,
          createPace(lookupsPerSecond, clock, pause),
        ),
      },
      metrics,
      logStatus: () => logStatus(),
      selfCheck: onceAnHour(clock, async () => await selfCheck(await selfChecker())),
    },
  };
}
