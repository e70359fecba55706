import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { createEventHistory } from "../../lib/aws/cloudtrail/event-history.ts";
import { createPaymentKeys } from "../../lib/aws/payment-cryptography/control-plane.ts";
import { createKeyLists } from "../../lib/aws/payment-cryptography/key-lists.ts";
import { createPace } from "../../lib/aws/payment-cryptography/pace.ts";
import type { DeletionRequest } from "../../lib/domain/deletion/request.ts";
import { dayMs } from "../../lib/domain/time.ts";
import { type AwsPlace, clientSettings } from "../stack/aws-place.ts";
import type { KeysToScan } from "./scan.ts";

/** Of the 5 calls a second that the control plane gives an account and region, a scan takes two. */
const callsPerSecond = 2;
const lookupsPerSecond = 1.5;
/** CloudTrail keeps 90 days. */
const historyMs = 90 * dayMs;

/** The keys of a region, and what CloudTrail remembers of their deletions. Reads, and nothing else. */
export function keysOf(place: AwsPlace, clock: () => number, sleep: (ms: number) => Promise<unknown>): KeysToScan {
  const settings = clientSettings(place);
  const client = new PaymentCryptographyClient(settings);
  const keys = createPaymentKeys(client, createPace(callsPerSecond, clock, sleep));
  const lists = createKeyLists(client);
  const pace = createPace(lookupsPerSecond, clock, sleep);
  return {
    pending: async () => await lists.pending(),
    observe: async (arn) => await keys.observe(arn),
    tags: async (arn) => await keys.tags(arn),
    aliases: async (arn) => await keys.aliases(arn),
    deletions: async (account) => {
      const stack = { account, region: place.region };
      const history = createEventHistory(new CloudTrailClient(settings), stack, pace);
      const { calls } = await history.read({ from: clock() - historyMs }, () => Number.POSITIVE_INFINITY);
      const latest = (deletions: readonly DeletionRequest[]) => deletions.toSorted((a, b) => b.at - a.at).slice(0, 1);
      return new Map([...calls].flatMap(([arn, deletions]) => latest(deletions).map((call) => [arn, call] as const)));
    },
  };
}
