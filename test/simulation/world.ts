import { createHash } from "node:crypto";
import type { FunctionName } from "../../scripts/bundle.ts";
import type { Codes } from "./bundle.ts";
import { SimClock } from "./clock.ts";
import type { Call, Fate } from "./fate.ts";
import {
  botToken,
  ControlPlane,
  createHttpApi,
  createLocalSts,
  createLocalWorkspace,
  environmentOf,
  eventSourcesOf,
  here,
  LocalBus,
  LocalEventHistory,
  type LocalFunction,
  LocalObjectStore,
  type LocalQueue,
  LocalSecrets,
  LocalTopic,
  queuesOf,
  rolesOf,
  routesOf,
  rulesOf,
  schedulesOf,
  signingSecret,
  Template,
  Witness,
  type World,
  type WorldClock,
} from "./local.ts";
import { type Counted, measurementsIn } from "./metrics.ts";
import { Network } from "./network.ts";
import { Random } from "./random.ts";
import { seedGlobals } from "./seeded-globals.ts";
import { callOf, type Services, serve, slackHost } from "./services.ts";
import { SimFunction } from "./sim-function.ts";
import { SimTable } from "./table/sim-table.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly codes: Codes;
  /** The packaged CloudFormation template. */
  readonly templateFile: string;
  /** What `reprieve:build` holds for an environment that starts now. */
  readonly facts: () => object;
  readonly fate: (call: Call) => Fate | undefined;
  /** How far (ms) the clock of an environment that starts now is ahead. */
  readonly skewMs: () => number;
  /** How long (ms) the index of the table takes to follow a write. */
  readonly lagMs: () => number;
  /** What becomes of the record of a call on its way to the bus. */
  readonly onRecord: (envelope: object) => void;
  readonly keepTrace: boolean;
}

const endpoint = "http://127.0.0.1:5900";
/** 2026-01-05T00:00:00Z */
const beginning = 1_767_571_200_000;

/** The whole stack in one thread: the template's own wiring, the fakes of the local world, the functions' code, one scheduler. */
export function createSimulation(options: SimulationOptions) {
  const { seed, codes, templateFile, facts, fate, skewMs, lagMs, keepTrace } = options;
  const clock = new SimClock(beginning, new Random(seed, "ties"));
  const worldClock = clock as unknown as WorldClock;
  const now = () => clock.now();
  const digest = createHash("sha256");
  const lines: string[] = [];
  const trace = (line: string) => {
    digest.update(line).update("\n");
    if (keepTrace) lines.push(line);
  };
  const log: string[] = [];
  const counted: Counted[] = [];
  const onLine = (line: string) => {
    trace(line);
    for (const { name, value } of measurementsIn(line)) counted.push({ at: now(), name, value });
    log.push(line);
  };
  const onFailure = (error: unknown) => onLine(`${now()} failed: ${String(error)}`);
  const urlOf = (name: string) => `${endpoint}/${here.account}/${name}`;
  const template = new Template(templateFile, { ...here, queueUrl: urlOf, apiUrl: () => endpoint });
  const queues = queuesOf(template, worldClock);
  const busNames = template.ofType("AWS::Events::EventBus").map(({ properties }) => String(properties["Name"]));
  const bus = new LocalBus({ ...here, now, busNames, rules: rulesOf(template, queues) });
  const history = new LocalEventHistory(now);
  const controlPlane = new ControlPlane({
    ...here,
    now,
    onRecord: (envelope) => {
      trace(`${now()} record ${JSON.stringify(envelope)}`);
      history.keep(envelope);
      options.onRecord(envelope);
    },
  });
  const slack = createLocalWorkspace({ now, interactionsUrl: () => `${endpoint}/slack/interactions` });
  const secrets = secretsOf(template);
  const tableName = String(template.ofType("AWS::DynamoDB::Table").at(-1)?.properties["TableName"]);
  const functions = new Map<string, SimFunction>();
  const asLocal = functions as unknown as ReadonlyMap<string, LocalFunction>;
  let api: ReturnType<typeof createHttpApi> | undefined;
  const services: Services = {
    ...{ controlPlane, bus, queues, secrets, history, urlOf, denied: [], roles: rolesOf(template) },
    ...{ topic: new LocalTopic(), archive: new LocalObjectStore(), table: new SimTable(tableName, { now, lagMs }) },
    sts: createLocalSts(now, here.region),
    slack: (method, authorization, body) => slack.answer(method, authorization, body),
    api: () => {
      api ??= createHttpApi(routesOf(template, asLocal), now);
      return api;
    },
  };
  const network = new Network({
    ...{ clock, random: new Random(seed, "network"), callOf, fate, trace },
    serve: async (sent, call) => await serve(services, sent, call),
  });
  const outside = { instance: { dead: false }, kill: () => {} };
  const unseed = seedGlobals(new Random(seed, "ids"), network.fetchFor(outside), network.signals.timeout);
  for (const { properties } of template.ofType("AWS::Lambda::Function")) {
    const name = String(properties["FunctionName"]).split("-").at(-1) as FunctionName;
    const environment = environmentOf(properties, name, { endpoint, slackUrl: `https://${slackHost}`, place: here });
    functions.set(
      name,
      new SimFunction({
        ...{
          name,
          code: codes[name],
          clock,
          network,
          facts,
          skewMs,
          onLine,
          random: new Random(seed, `function ${name}`),
        },
        handler: String(properties["Handler"]).split(".")[1] ?? "",
        timeoutMs: Number(properties["Timeout"]) * 1000,
        concurrency: Number(properties["ReservedConcurrentExecutions"] ?? 10),
        // ECDSA signatures are random by nature.
        environment: { ...environment, ...(name === "sweep" && { AUDIT_SIGNING_KEY: "none" }) },
        count: (metric) => counted.push({ at: now(), name: `${name}.${metric}`, value: 1 }),
      }),
    );
  }
  const sources = eventSourcesOf(template, queues, asLocal, here.region, onFailure);
  const timers = schedulesOf(template, asLocal, worldClock, onFailure);
  for (const each of [...sources, ...timers]) each.start();
  const world = worldOf({ clock, services, log, tableName, network, slack, functions });
  return {
    ...{ clock, beginning, services, slack, functions, log, lines, counted, network, trace, endpoint },
    witness: new Witness(world),
    deadLetters: () =>
      ["GuardDeadLetterQueue", "NotifyDeadLetterQueue"].flatMap((id) => queues.get(id)?.messages ?? []),
    hash: () => digest.copy().digest("hex").slice(0, 16),
    stop: () => {
      unseed();
      for (const timer of timers) timer.stop();
      for (const source of sources) void source.stop();
    },
  };
}
export type Simulation = ReturnType<typeof createSimulation>;

/** The template's secrets, with the values that whoever installs the stack would put in. */
function secretsOf(template: Template): LocalSecrets {
  const secrets = new LocalSecrets();
  const values: Record<string, string> = { SlackSigningSecret: signingSecret, SlackBotToken: botToken };
  for (const { id } of template.ofType("AWS::SecretsManager::Secret"))
    secrets.set(String(template.resolve({ Ref: id })), values[id] ?? "");
  return secrets;
}

interface Parts {
  readonly clock: SimClock;
  readonly services: Services;
  readonly log: readonly string[];
  readonly tableName: string;
  readonly network: Network;
  readonly slack: ReturnType<typeof createLocalWorkspace>;
  readonly functions: ReadonlyMap<string, SimFunction>;
}

/** Enough of a `World` for what only looks at it. */
function worldOf({ clock, services, log, tableName, network, slack, functions }: Parts): World {
  const { controlPlane, history, bus, table } = services;
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: object }) =>
    table.handle(command.constructor.name.replace("Command", ""), command.input).body;
  const observe = (observer: (carried: object) => void) =>
    network.observe((carried) => observer({ ...carried, service: carried.port }));
  const seen = {
    clock,
    controlPlane,
    history,
    bus,
    log,
    tableName,
    slack,
    functions,
    store: { send },
    hub: { observe },
  };
  return seen as unknown as World;
}

/** Returns `reprieve:build` for a policy. */
export function factsOf(policyText: string): object {
  return { policyText, policyHash: createHash("sha256").update(policyText).digest("hex"), guardVersion: "0.1.0" };
}

export type { LocalQueue };
