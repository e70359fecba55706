import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { createCaseStore } from "../../lib/aws/dynamodb/case-store.ts";
import { createKeyInventory } from "../../lib/aws/dynamodb/key-inventory.ts";
import { createLabelsSeen } from "../../lib/aws/dynamodb/label-part.ts";
import { createPauseBook } from "../../lib/aws/dynamodb/pause-book.ts";
import { createPaymentKeys } from "../../lib/aws/payment-cryptography/control-plane.ts";
import { createPace } from "../../lib/aws/payment-cryptography/pace.ts";
import { UnrecordedRestores } from "../../lib/workflows/guard/unrecorded-restores.ts";
import { clientTimeouts } from "../shared/client-timeouts.ts";
import { countingCalls } from "../shared/counted.ts";
import { environment } from "../shared/environment.ts";
import { type Foundation, layFoundation, once } from "../shared/runtime.ts";
import { readSettings, settingsOf } from "../shared/settings.ts";
import type { GuardBatch } from "./batch.ts";

/** The guard's clients, made once per execution environment. */
export function createGuardRuntime(): Foundation & { readonly batch: GuardBatch } {
  const settings = readSettings(settingsOf.guard, environment);
  const foundation = layFoundation();
  const { clock, pause, log, metrics, policy, version } = foundation;
  const pace = countingCalls(createPace(settings.CONTROL_PLANE_CALLS_PER_SECOND, clock, pause), metrics);
  const store = new DynamoDBClient(clientTimeouts);
  // A third of the code is not needed until the key is safe: it is loaded then, and a cold start does not wait for it.
  const afterwards = once(async () => (await import("./afterwards.ts")).createAfterwards(settings, store, clock));
  return {
    ...foundation,
    batch: {
      guard: {
        policy,
        keys: createPaymentKeys(new PaymentCryptographyClient(clientTimeouts), pace),
        cases: createCaseStore(store, settings.CASES_TABLE),
        pauses: createPauseBook(store, settings.CASES_TABLE),
        inventory: {
          lastSeen: createKeyInventory(store, settings.CASES_TABLE).lastSeen,
          labelsSeen: createLabelsSeen(store, settings.CASES_TABLE),
        },
        bus: {
          publish: async (...args) => await (await afterwards()).bus.publish(...args),
          announceUnrecorded: async (...args) => await (await afterwards()).bus.announceUnrecorded(...args),
        },
        clock,
        newRunId: randomUUID,
        log,
        unrecorded: new UnrecordedRestores(),
        version,
      },
      queue: {
        retryAfter: async (...args) => await (await afterwards()).queue.retryAfter(...args),
        deadLetter: async (...args) => await (await afterwards()).queue.deadLetter(...args),
      },
      recordRefused: async (attempt) => await (await afterwards()).recordRefused(attempt),
      stack: { account: settings.ACCOUNT_ID, region: settings.AWS_REGION },
      maxReceives: settings.MAX_RECEIVE_COUNT,
      metrics,
    },
  };
}
