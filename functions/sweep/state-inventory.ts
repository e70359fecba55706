import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createKnownStates } from "../../lib/aws/dynamodb/known-states.ts";
import { createStateProgress } from "../../lib/aws/dynamodb/state-progress.ts";
import { createReportMissed } from "../../lib/aws/events/missed-change.ts";
import { createChangePlane } from "../../lib/aws/payment-cryptography/change-plane.ts";
import { createControlPlaneOperations } from "../../lib/aws/payment-cryptography/operations-client.ts";
import type { Pace } from "../../lib/aws/payment-cryptography/pace.ts";
import type { StateInventory } from "../../lib/workflows/ports/sweep.ts";
import { clientTimeouts } from "../shared/client-timeouts.ts";
import { once } from "../shared/runtime.ts";
import type { Settings } from "../shared/settings.ts";

interface Clients {
  readonly store: DynamoDBClient;
  readonly control: PaymentCryptographyClient;
  readonly pace: Pace;
}

/** Returns what the sweep keeps the inventory of states with. Calls take their turn with all others of `control`. */
export function createStateInventory(settings: Settings<"sweep">, { store, control, pace }: Clients): StateInventory {
  const stack = { account: settings.ACCOUNT_ID, region: settings.AWS_REGION };
  const queue = once(async () => new SQSClient(clientTimeouts));
  return {
    known: createKnownStates(store, settings.CASES_TABLE),
    ...createStateProgress(store, settings.CASES_TABLE),
    look: createChangePlane(createControlPlaneOperations(control, pace)).call,
    reportMissed: async (missed) => await createReportMissed(await queue(), settings.CHANGE_QUEUE_URL, stack)(missed),
  };
}
