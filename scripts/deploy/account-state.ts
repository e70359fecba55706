import { EventBridgeClient, ListEventBusesCommand } from "@aws-sdk/client-eventbridge";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { allPages } from "./all-pages.ts";
import { deniedByBoundary } from "./denied-by-boundary.ts";
import { type CallContext, deniedCalls, type IntendedCall } from "./denied-calls.ts";
import { type ClientSettings, type Leftover, leftoversOf } from "./leftovers.ts";

export type { CallContext, IntendedCall, Leftover };

/** A KMS key, as far as a deployment depends on it. */
export interface KmsKey {
  readonly spec: string;
  readonly usage: string;
  readonly state: string;
}

/** Returns what a deployment asks an account before it makes a stack there. Every call throws what AWS answers. */
export function accountState(settings: ClientSettings) {
  return {
    unreservedConcurrency: async () => {
      const { AccountLimit } = await new LambdaClient(settings).send(new GetAccountSettingsCommand({}));
      if (AccountLimit?.UnreservedConcurrentExecutions === undefined) throw new Error("Lambda states no limit");
      return AccountLimit.UnreservedConcurrentExecutions;
    },
    // Every stack has a bus, and nothing keeps it when the stack is deleted.
    stages: async () => {
      const client = new EventBridgeClient(settings);
      const buses = await allPages(async (token) => {
        const request = { NamePrefix: busPrefix, Limit: 100, ...(token !== undefined && { NextToken: token }) };
        const { EventBuses: parts, NextToken: next } = await client.send(new ListEventBusesCommand(request));
        return { parts, next };
      });
      return buses.flatMap(({ Name = "" }) => (Name.startsWith(busPrefix) ? [Name.slice(busPrefix.length)] : []));
    },
    kmsKey: async (arn: string): Promise<KmsKey> => {
      const region = arn.split(":")[3] ?? settings.region;
      const { KeyMetadata } = await new KMSClient({ ...settings, region }).send(new DescribeKeyCommand({ KeyId: arn }));
      const { KeySpec = "unknown", KeyUsage = "unknown", KeyState = "unknown" } = KeyMetadata ?? {};
      return { spec: KeySpec, usage: KeyUsage, state: KeyState };
    },
    leftovers: async (stage: string, bucket: string) => await leftoversOf(settings, stage, bucket),
    deniedTo: async (arn: string, calls: readonly IntendedCall[], context: CallContext = {}) =>
      await deniedCalls(settings, arn, calls, context),
    deniedByBoundary: async (policyArn: string, actions: readonly string[]) =>
      await deniedByBoundary(settings, policyArn, actions),
  };
}

const busPrefix = "reprieve-";
