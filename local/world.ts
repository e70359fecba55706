import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { LocalBus } from "./bus/local-bus.ts";
import { Hub } from "./hub.ts";
import type { EventSource } from "./lambda/event-source.ts";
import type { LocalFunction } from "./lambda/local-function.ts";
import { ControlPlane } from "./payment-cryptography/control-plane.ts";
import { account, region } from "./people.ts";
import type { LocalQueue } from "./queue/local-queue.ts";
import { handleSqs } from "./queue/sqs-api.ts";
import { Template } from "./template/template.ts";
import { createTables, eventSourcesOf, functionOf, queuesOf, rulesOf } from "./template/wiring.ts";
import { WorldClock } from "./world-clock.ts";

export interface WorldOptions {
  /** The packaged CloudFormation template. */
  readonly templateFile: string;
  /** The folder of each function's packaged bundle, by its name. */
  readonly bundles: Readonly<Record<string, string>>;
  /** 0 takes any free port. */
  readonly port: number;
}

/** The whole stack on one machine: everything in AWS that it touches, and its own functions as packaged. */
export interface World {
  readonly endpoint: string;
  readonly clock: WorldClock;
  readonly controlPlane: ControlPlane;
  readonly bus: LocalBus;
  readonly hub: Hub;
  /** Name of the bus on which the stack tells what happened. */
  readonly busName: string;
  readonly queues: { readonly guard: LocalQueue; readonly deadLetters: LocalQueue };
  readonly guardFunction: LocalFunction;
  /** A client for the table of cases, which bears `tableName`. */
  readonly store: DynamoDBClient;
  readonly tableName: string;
  /** Every line the functions wrote. */
  readonly log: readonly string[];
  /**
   * Resolves when no message is being worked on and none is visible. `advance` moves the clock on to messages that come back
   * later, until there are none.
   */
  settle(options?: { readonly advance?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the world that the packaged template describes. Throws a PortInUseError. */
export async function startWorld({ templateFile, bundles, port }: WorldOptions): Promise<World> {
  const clock = new WorldClock();
  const now = () => clock.now();
  let endpoint = "";
  const urlOf = (name: string) => `${endpoint}/${account}/${name}`;
  const template = new Template(templateFile, { account, region, queueUrl: urlOf });
  const queues = queuesOf(template, clock);
  const busNames = template.ofType("AWS::Events::EventBus").map(({ properties }) => String(properties["Name"]));
  const bus = new LocalBus({ account, region, now, busNames, rules: rulesOf(template, queues) });
  const controlPlane = new ControlPlane({ account, region, now, onRecord: (envelope) => bus.emit(envelope) });
  const dynamodb = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const hub = new Hub({
    controlPlane: (operation, body, caller) => controlPlane.handle(operation, body, caller),
    bus: (operation, body) =>
      operation === "PutEvents"
        ? { status: 200, body: bus.putEvents(body) }
        : { status: 400, body: { __type: "UnknownOperationException" } },
    queue: (operation, body) => handleSqs([...queues.values()], ({ name }) => urlOf(name), operation, body),
    store: dynamodb,
  });
  endpoint = await hub.listen(port);
  const store = new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const tableName = await createTables(template, store);
  const log: string[] = [];
  const guardFunction = functionOf(template, "GuardLambdaFunction", bundles["guard"] ?? "", endpoint, clock, (line) =>
    log.push(line),
  );
  const sources = eventSourcesOf(template, queues, guardFunction, (error) => log.push(String(error)));
  for (const source of sources) source.start();
  return {
    endpoint,
    clock,
    controlPlane,
    bus,
    hub,
    busName: busNames[0] ?? "",
    queues: { guard: pick(queues, "GuardQueue"), deadLetters: pick(queues, "GuardDeadLetterQueue") },
    guardFunction,
    store,
    tableName,
    log,
    settle: async ({ advance = false } = {}) => await settle(clock, pick(queues, "GuardQueue"), sources, advance),
    stop: async () => {
      await Promise.all([...sources.map(async (source) => await source.stop()), guardFunction.kill()]);
      store.destroy();
      await hub.close();
    },
  };
}

function pick<Value>(values: ReadonlyMap<string, Value>, id: string): Value {
  const value = values.get(id);
  if (value === undefined) throw new Error(`the template has no \`${id}\``);
  return value;
}

async function settle(
  clock: WorldClock,
  queue: LocalQueue,
  sources: readonly EventSource[],
  advance: boolean,
): Promise<void> {
  for (;;) {
    const working = sources.some(({ busy }) => busy > 0) || queue.visible.length > 0;
    const next = Math.min(...queue.messages.map(({ visibleAt }) => visibleAt));
    if (!working && (!advance || queue.messages.length === 0)) return;
    if (!working) clock.jump(Math.max(0, next - clock.now()));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
