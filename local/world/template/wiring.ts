import { CreateTableCommand, type CreateTableCommandInput, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type InputTransformer, renderInput } from "../../aws/bus/input-transformer.ts";
import type { LocalRule, LocalTarget, RuleState } from "../../aws/bus/local-bus.ts";
import type { ApiRoute } from "../../aws/http-api/http-api.ts";
import { EventSource } from "../../aws/lambda/event-source.ts";
import type { Invocable } from "../../aws/lambda/invocable.ts";
import { LocalQueue } from "../../aws/queue/local-queue.ts";
import { LocalSchedule, rateMsOf } from "../../aws/schedule.ts";
import type { LocalTopic } from "../../aws/topic.ts";
import type { Clock } from "../../clock/clock.ts";
import { functionByArn } from "./functions.ts";
import type { Template } from "./template.ts";

/** The template's queues by logical id, each with its dead-letter queue. */
export function queuesOf(template: Template, clock: Clock): ReadonlyMap<string, LocalQueue> {
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
      fifo: properties["FifoQueue"] === true,
      policy: policyOf(template, String(properties["QueueName"])),
      ...(redrive && deadLetters && { redrive: { maxReceives: redrive.maxReceiveCount, to: make(deadLetters.id) } }),
    });
    queues.set(id, queue);
    return queue;
  };
  for (const { id } of described) make(id);
  return queues;
}

/** Returns the text of a queue's policy, as SQS gives it. */
function policyOf(template: Template, queueName: string): string {
  const policies = template.ofType("AWS::SQS::QueuePolicy");
  const own = policies.find(({ properties }) => (properties["Queues"] as string[])[0]?.split("/").at(-1) === queueName);
  return JSON.stringify(own?.properties["PolicyDocument"] ?? {});
}

interface Target {
  readonly Arn: string;
  readonly InputTransformer?: InputTransformer;
}

/** The template's rules, and the queues and topics that they send to. */
export function rulesOf(
  template: Template,
  queues: ReadonlyMap<string, LocalQueue>,
  topic: Pick<LocalTopic, "publish">,
): LocalRule[] {
  const targetOf = ({ Arn, InputTransformer: transformer }: Target): LocalTarget[] => {
    if (!Arn.startsWith("arn:aws:sns:"))
      return [...queues.values()].filter(({ name }) => name === Arn.split(":").at(-1));
    return [
      {
        send: (text) =>
          topic.publish(Arn, transformer === undefined ? text : renderInput(transformer, JSON.parse(text))),
      },
    ];
  };
  return template.ofType("AWS::Events::Rule").map(({ properties }) => ({
    name: String(properties["Name"]),
    busName: String(properties["EventBusName"] ?? "default"),
    pattern: properties["EventPattern"],
    state: (properties["State"] ?? "ENABLED") as RuleState,
    targets: (properties["Targets"] as Target[]).flatMap(targetOf),
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

/** The routes of the template's HTTP API, each with its function. */
export function routesOf(template: Template, functions: ReadonlyMap<string, Invocable>): ApiRoute[] {
  const integrations = new Map(
    template
      .ofType("AWS::ApiGatewayV2::Integration")
      .map(({ id, properties }) => [id, functionByArn(functions, String(properties["IntegrationUri"]))]),
  );
  return template.ofType("AWS::ApiGatewayV2::Route").flatMap(({ properties }) => {
    const target = integrations.get(String(properties["Target"]).split("/").at(-1) ?? "");
    const invoke = async (event: unknown) => await target?.invoke(event);
    return target === undefined ? [] : [{ routeKey: String(properties["RouteKey"]), invoke }];
  });
}

/** The template's schedules. */
export function schedulesOf(
  template: Template,
  functions: ReadonlyMap<string, Invocable>,
  clock: Clock,
  onFailure: (error: unknown) => void,
): LocalSchedule[] {
  return template.ofType("AWS::Scheduler::Schedule").flatMap(({ properties }) => {
    const { Arn } = properties["Target"] as { Arn: string };
    const target = functionByArn(functions, Arn);
    if (target === undefined) return [];
    const everyMs = rateMsOf(String(properties["ScheduleExpression"]));
    return new LocalSchedule(everyMs, clock, async () => await target.invoke({}), onFailure);
  });
}

/** The template's event source mappings. */
export function eventSourcesOf(
  template: Template,
  queues: ReadonlyMap<string, LocalQueue>,
  functions: ReadonlyMap<string, Invocable>,
  region: string,
  onFailure: (error: unknown) => void,
): EventSource[] {
  return template.ofType("AWS::Lambda::EventSourceMapping").flatMap(({ properties }) => {
    const queueArn = String(properties["EventSourceArn"]);
    const queue = [...queues.values()].find(({ name }) => name === queueArn.split(":").at(-1));
    const target = functionByArn(functions, String(properties["FunctionName"]));
    if (queue === undefined || target === undefined) return [];
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
