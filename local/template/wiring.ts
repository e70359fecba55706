import { join } from "node:path";
import { CreateTableCommand, type CreateTableCommandInput, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { LocalRule } from "../bus/local-bus.ts";
import { EventSource } from "../lambda/event-source.ts";
import { LocalFunction } from "../lambda/local-function.ts";
import { guard, region } from "../people.ts";
import { LocalQueue } from "../queue/local-queue.ts";
import type { WorldClock } from "../world-clock.ts";
import type { Template } from "./template.ts";

/** The template's queues by logical id, each with its dead-letter queue. */
export function queuesOf(template: Template, clock: WorldClock): ReadonlyMap<string, LocalQueue> {
  const queues = new Map<string, LocalQueue>();
  const described = template.ofType("AWS::SQS::Queue");
  const make = (id: string): LocalQueue => {
    const made = queues.get(id);
    if (made !== undefined) return made;
    const properties = described.find((queue) => queue.id === id)?.properties ?? {};
    const redrive = properties["RedrivePolicy"] as { deadLetterTargetArn: string; maxReceiveCount: number } | undefined;
    const deadLetters = described.find(
      (queue) => queue.properties["QueueName"] === redrive?.deadLetterTargetArn.split(":").at(-1),
    );
    const queue = new LocalQueue({
      name: String(properties["QueueName"]),
      clock,
      visibilityMs: Number(properties["VisibilityTimeout"] ?? 30) * 1000,
      retentionMs: Number(properties["MessageRetentionPeriod"] ?? 345_600) * 1000,
      ...(redrive && deadLetters && { redrive: { maxReceives: redrive.maxReceiveCount, to: make(deadLetters.id) } }),
    });
    queues.set(id, queue);
    return queue;
  };
  for (const { id } of described) make(id);
  return queues;
}

/** The template's enabled rules, and the queues they send to. */
export function rulesOf(template: Template, queues: ReadonlyMap<string, LocalQueue>): LocalRule[] {
  return template
    .ofType("AWS::Events::Rule")
    .filter(({ properties }) => properties["State"] !== "DISABLED")
    .map(({ properties }) => ({
      name: String(properties["Name"]),
      busName: String(properties["EventBusName"] ?? "default"),
      pattern: properties["EventPattern"],
      targets: (properties["Targets"] as { Arn: string }[]).flatMap(
        ({ Arn }) => [...queues.values()].find(({ name }) => name === Arn.split(":").at(-1)) ?? [],
      ),
    }));
}

/** Makes the template's tables; answers the name of the last, which is the only one. */
export async function createTables(template: Template, store: DynamoDBClient): Promise<string> {
  let name = "";
  for (const { properties } of template.ofType("AWS::DynamoDB::Table")) {
    name = String(properties["TableName"]);
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } =
      properties as unknown as CreateTableCommandInput;
    await store.send(
      new CreateTableCommand({ TableName: name, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode }),
    );
  }
  return name;
}

/** The template's function `id`, with the environment that the template gives it, pointed at `endpoint`. */
export function functionOf(
  template: Template,
  id: string,
  bundleFolder: string,
  endpoint: string,
  clock: WorldClock,
  onLine: (line: string) => void,
): LocalFunction {
  const properties = template.ofType("AWS::Lambda::Function").find((each) => each.id === id)?.properties ?? {};
  const { Variables } = properties["Environment"] as { Variables: Record<string, string> };
  const name = String(properties["FunctionName"]);
  const [module = "", handler = ""] = String(properties["Handler"]).split(".");
  return new LocalFunction({
    name,
    bundleFile: join(bundleFolder, `${module}.mjs`),
    handler,
    timeoutMs: Number(properties["Timeout"]) * 1000,
    concurrency: Number(properties["ReservedConcurrentExecutions"] ?? 10),
    clock,
    onLine,
    environment: {
      ...Variables,
      AWS_REGION: region,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties["MemorySize"]),
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_ACCESS_KEY_ID: guard.accessKeyId,
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_ENDPOINT_URL: endpoint,
    },
  });
}

/** The template's event source mappings, from queues to `target`. */
export function eventSourcesOf(
  template: Template,
  queues: ReadonlyMap<string, LocalQueue>,
  target: LocalFunction,
  onFailure: (error: unknown) => void,
): EventSource[] {
  return template.ofType("AWS::Lambda::EventSourceMapping").flatMap(({ properties }) => {
    const queueArn = String(properties["EventSourceArn"]);
    const queue = [...queues.values()].find(({ name }) => name === queueArn.split(":").at(-1));
    if (queue === undefined) return [];
    const scaling = properties["ScalingConfig"] as { MaximumConcurrency?: number } | undefined;
    const responses = (properties["FunctionResponseTypes"] ?? []) as string[];
    return new EventSource({
      queue,
      queueArn,
      region,
      target,
      batchSize: Number(properties["BatchSize"] ?? 10),
      maximumConcurrency: scaling?.MaximumConcurrency ?? target.concurrency,
      partialResponses: responses.includes("ReportBatchItemFailures"),
      onFailure,
    });
  });
}
