import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import { createChangeBook } from "../../lib/aws/dynamodb/change-book.ts";
import { createChangePermitBook } from "../../lib/aws/dynamodb/change-permit-book.ts";
import { createKnownStates } from "../../lib/aws/dynamodb/known-states.ts";
import { createLabelsSeen } from "../../lib/aws/dynamodb/label-part.ts";
import { createNewestCase } from "../../lib/aws/dynamodb/newest-case.ts";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { createRemediationClaims } from "../../lib/aws/dynamodb/remediation-claims.ts";
import { createCaseBus, createNotifyChangeRecorded } from "../../lib/aws/events/event-bus.ts";
import { createStackRules } from "../../lib/aws/events/stack-rules.ts";
import { createWorkQueue } from "../../lib/aws/events/work-queue.ts";
import { createChangePlane } from "../../lib/aws/payment-cryptography/change-plane.ts";
import { createControlPlaneOperations } from "../../lib/aws/payment-cryptography/operations-client.ts";
import { createPace } from "../../lib/aws/payment-cryptography/pace.ts";
import { createResourcePolicies } from "../../lib/aws/payment-cryptography/resource-policies.ts";
import { createStackKey } from "../../lib/aws/s3-kms/stack-key.ts";
import { clientTimeouts } from "../shared/client-timeouts.ts";
import { countingCalls } from "../shared/counted.ts";
import { environment } from "../shared/environment.ts";
import { type Foundation, layFoundation } from "../shared/runtime.ts";
import { readSettings, settingsOf } from "../shared/settings.ts";
import type { RemediationBatch } from "./batch.ts";

/** Remediation's clients, made once per execution environment. None of them reads a secret, or anything else that needs the stack's own KMS key to start. */
export function createRemediationRuntime(): Foundation & { readonly batch: RemediationBatch } {
  const settings = readSettings(settingsOf.remediation, environment);
  const foundation = layFoundation();
  const { log, clock } = foundation;
  const events = new EventBridgeClient(clientTimeouts);
  const store = new DynamoDBClient(clientTimeouts);
  const known = createKnownStates(store, settings.CASES_TABLE);
  const claims = createRemediationClaims(store, settings.CASES_TABLE);
  const { REMEDIATION_QUEUE_URL, CHANGE_QUEUE_URL, DEAD_LETTER_QUEUE_URL, MAX_RECEIVE_COUNT: maxReceives } = settings;
  const queues = new SQSClient(clientTimeouts);
  const pauses = createPauseBook(store, settings.CASES_TABLE);
  return {
    ...foundation,
    batch: {
      queue: createWorkQueue(queues, REMEDIATION_QUEUE_URL, DEAD_LETTER_QUEUE_URL),
      changeQueue: createWorkQueue(queues, CHANGE_QUEUE_URL, DEAD_LETTER_QUEUE_URL),
      changeQueueName: CHANGE_QUEUE_URL.split("/").at(-1) ?? "",
      stack: { account: settings.ACCOUNT_ID, region: settings.AWS_REGION },
      maxReceives,
      log,
      lockOuts: {
        ...{ policy: foundation.policy, clock, log, claims, roles: settings.GUARDED_ROLE_ARNS, newRunId: randomUUID },
        cases: createCaseStore(store, settings.CASES_TABLE),
        known,
        pauses,
        policies: createResourcePolicies(operationsAt(settings.CONTROL_PLANE_CALLS_PER_SECOND, foundation)),
        bus: createCaseBus(events, settings.EVENT_BUS_NAME),
      },
      changes: {
        ...{ policy: foundation.policy, clock, log, claims, pauses, version: foundation.version },
        book: createChangeBook(store, settings.CASES_TABLE),
        permits: createChangePermitBook(store, settings.CASES_TABLE),
        known,
        newestCase: createNewestCase(store, settings.CASES_TABLE),
        labelsSeen: createLabelsSeen(store, settings.CASES_TABLE),
        plane: createChangePlane(operationsAt(settings.CHANGE_CALLS_PER_SECOND, foundation)),
        notify: createNotifyChangeRecorded(events, settings.EVENT_BUS_NAME),
        ownRoles: settings.STACK_ROLE_ARNS,
        stack: { account: settings.ACCOUNT_ID, region: settings.AWS_REGION },
      },
      tamper: {
        ...{ clock, log, claims, ruleArns: settings.RULE_ARNS, ownRole: settings.OWN_ROLE_ARN },
        rules: createStackRules(events),
        stackKey: createStackKey(new KMSClient(clientTimeouts), settings.STACK_KEY_ARN),
      },
    },
  };
}

/** A pace of its own for each purpose: changes never take the calls that undo a lock-out. */
function operationsAt(callsPerSecond: number, { clock, pause, metrics }: Foundation) {
  const pace = countingCalls(createPace(callsPerSecond, clock, pause), metrics);
  return createControlPlaneOperations(new PaymentCryptographyClient(clientTimeouts), pace);
}
