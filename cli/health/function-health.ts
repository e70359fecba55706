import {
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import type { FunctionHealth } from "./stack-health.ts";

/** Returns the state of one function, with that of its mapping if a queue invokes it. Throws what Lambda answers. */
export async function functionHealth(
  client: Pick<LambdaClient, "send">,
  FunctionName: string,
  name: string,
  { queue: hasQueue, wanted }: { readonly queue: boolean; readonly wanted: number | undefined },
): Promise<FunctionHealth> {
  const concurrency = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
  const reserved = concurrency.ReservedConcurrentExecutions;
  if (!hasQueue) return { name, reserved, wanted };
  const { EventSourceMappings = [] } = await client.send(new ListEventSourceMappingsCommand({ FunctionName }));
  const [mapping] = EventSourceMappings;
  return {
    ...{ name, reserved, wanted, mapping: mapping?.State ?? "none" },
    ...(mapping?.UUID !== undefined && { mappingId: mapping.UUID }),
  };
}
