import { join } from "node:path";
import { CreateTableCommand, type CreateTableCommandInput, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LocalSchedule, rateOf } from "../aws/schedule.ts";
import type { LocalRule } from "../bus/local-bus.ts";
import type { ApiRoute } from "../http-api/http-api.ts";
import type { Statement } from "../iam/role.ts";
import { EventSource } from "../lambda/event-source.ts";
import { LocalFunction } from "../lambda/local-function.ts";
import { approval, guard, notifier, type Person, region, sweeper } from "../people.ts";
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

/** Where the functions find the services of this machine. */
export interface Surroundings {
  readonly endpoint: string;
  readonly slackUrl: string;
  readonly clock: WorldClock;
  readonly onLine: (line: string) => void;
}

/** The template's functions by their short name, with the environment that the template gives them, pointed at this machine. */
export function functionsOf(
  template: Template,
  bundles: Readonly<Record<string, string>>,
  surroundings: Surroundings,
): ReadonlyMap<string, LocalFunction> {
  return new Map(
    template.ofType("AWS::Lambda::Function").map(({ properties }) => {
      const name = String(properties["FunctionName"]).split("-").at(-1) ?? "";
      return [name, functionOf(properties, name, bundles[name] ?? "", surroundings)];
    }),
  );
}

function functionOf(
  properties: Readonly<Record<string, unknown>>,
  shortName: string,
  bundleFolder: string,
  surroundings: Surroundings,
): LocalFunction {
  const [module = "", handler = ""] = String(properties["Handler"]).split(".");
  return new LocalFunction({
    name: String(properties["FunctionName"]),
    bundleFile: join(bundleFolder, `${module}.mjs`),
    handler,
    timeoutMs: Number(properties["Timeout"]) * 1000,
    concurrency: Number(properties["ReservedConcurrentExecutions"] ?? 10),
    clock: surroundings.clock,
    onLine: surroundings.onLine,
    environment: environmentOf(properties, shortName, surroundings),
  });
}

/** The environment that the template gives a function, and Lambda too, pointed at this machine. */
export function environmentOf(
  properties: Readonly<Record<string, unknown>>,
  shortName: string,
  { endpoint, slackUrl }: Pick<Surroundings, "endpoint" | "slackUrl">,
): Record<string, string> {
  const { Variables } = properties["Environment"] as { Variables: Record<string, string> };
  return {
    ...Variables,
    AWS_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: String(properties["FunctionName"]),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties["MemorySize"]),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_ACCESS_KEY_ID: actors[shortName]?.accessKeyId ?? "",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL: endpoint,
    ...(Variables["SLACK_API_URL"] !== undefined && { SLACK_API_URL: `${slackUrl}/api` }),
    ...(Variables["STS_URL"] !== undefined && { STS_URL: `${endpoint}/` }),
  };
}

/** In whose name each function calls. */
const actors: Readonly<Record<string, Person>> = { guard, sweep: sweeper, approval, notify: notifier };

/** The function that calls with `accessKeyId`, by its short name; empty for somebody else. */
export function nameOfFunction(accessKeyId: string): string {
  return Object.keys(actors).find((name) => actors[name]?.accessKeyId === accessKeyId) ?? "";
}

/** What each function's role allows it, by the function's short name. */
export function rolesOf(template: Template): ReadonlyMap<string, readonly Statement[]> {
  const roles = template.ofType("AWS::IAM::Role");
  return new Map(
    template.ofType("AWS::Lambda::Function").map(({ properties }) => {
      const role = roles.find(({ properties: { RoleName } }) =>
        String(properties["Role"]).endsWith(`/${String(RoleName)}`),
      );
      const policies = (role?.properties["Policies"] ?? []) as { PolicyDocument: { Statement: Statement[] } }[];
      const name = String(properties["FunctionName"]).split("-").at(-1) ?? "";
      return [name, policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)];
    }),
  );
}

/** The routes of the template's HTTP API, each with its function. */
export function routesOf(template: Template, functions: ReadonlyMap<string, LocalFunction>): ApiRoute[] {
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
  functions: ReadonlyMap<string, LocalFunction>,
  clock: WorldClock,
  onFailure: (error: unknown) => void,
): LocalSchedule[] {
  return template.ofType("AWS::Scheduler::Schedule").flatMap(({ properties }) => {
    const { Arn } = properties["Target"] as { Arn: string };
    const target = functionByArn(functions, Arn);
    if (target === undefined) return [];
    const every = rateOf(String(properties["ScheduleExpression"]));
    return new LocalSchedule(every, clock, async () => await target.invoke({}), onFailure);
  });
}

function functionByArn(functions: ReadonlyMap<string, LocalFunction>, arn: string): LocalFunction | undefined {
  return functions.get(arn.split("-").at(-1) ?? "");
}

/** The template's event source mappings. */
export function eventSourcesOf(
  template: Template,
  queues: ReadonlyMap<string, LocalQueue>,
  functions: ReadonlyMap<string, LocalFunction>,
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
