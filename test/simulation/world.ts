import { createHash } from "node:crypto";
import type { FunctionName } from "../../scripts/bundle.ts";
import type { Clients, Codes } from "./bundle.ts";
import { callOf, carryOut } from "./calls.ts";
import { SimClock } from "./clock.ts";
import { performOn } from "./doubles/perform.ts";
import type { Call, Fate } from "./fate.ts";
import {
  type Answer,
  environmentOf,
  eventSourcesOf,
  here,
  nameOfFunction,
  type ObservedCalls,
  rolesOf,
  ServiceRouter,
  schedulesOf,
  Witness,
} from "./local.ts";
import { type Caller, Network } from "./network.ts";
import { Random } from "./random.ts";
import { seedGlobals } from "./seeded-globals.ts";
import { createStack, endpoint, type Stack, servicesOf } from "./services.ts";
import { SimFunction } from "./sim-function.ts";
import { answerSlack, createSlack, slackHost } from "./slack.ts";
import { Trace } from "./trace.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly codes: Codes;
  readonly clients: Clients;
  /** The packaged CloudFormation template. */
  readonly templateFile: string;
  /** What `reprieve:build` holds for an environment that starts now. */
  readonly facts: () => object;
  readonly fate: (call: Call) => Fate | undefined;
  /** How far (ms) the clock of an environment that starts now is ahead. */
  readonly skewMs: () => number;
  readonly lagMs: () => number;
  /** Gets the record of every call of the control plane. */
  readonly onRecord: (envelope: object) => void;
  /** See `Plan.sparseKeys`. */
  readonly sparseKeys: boolean;
  readonly keepTrace: boolean;
}

/** 2026-01-05T00:00:00Z */
const beginning = 1_767_571_200_000;
/** People, whom nothing of the simulation ends. */
const outside: Caller = { instance: { dead: false }, accessKeyId: "", kill: () => {} };

/** The whole stack in one thread: the template's own wiring, the fakes of the local world, the functions' code, one scheduler. */
export function createSimulation(options: SimulationOptions) {
  const { seed, fate } = options;
  const clock = new SimClock(beginning, new Random(seed, "ties"));
  const trace = new Trace(() => clock.now(), options.keepTrace);
  const functions = new Map<FunctionName, SimFunction>();
  const stack = createStack({
    ...options,
    clock,
    functions,
    onRecord: (envelope) => {
      trace.note(`${clock.now()} record ${JSON.stringify(envelope)}`);
      options.onRecord(envelope);
    },
  });
  const { template, queues, secrets, table, tableName, controlPlane } = stack;
  const roles = rolesOf(template);
  const roleOf = (accessKeyId: string) => roles.get(nameOfFunction(accessKeyId));
  const router = new ServiceRouter({ services: servicesOf(stack), place: here, roleOf });
  const slack = createSlack(clock, secrets, () => fetch);
  const network = new Network({
    ...{ clock, random: new Random(seed, "network"), callOf, fate, trace: (line) => trace.note(line) },
    serve: async (sent, call) => {
      if (call.port !== "slack") return sparse(await carryOut(router, sent, call), options.sparseKeys);
      return answerSlack(slack, secrets, [call.operation, sent.headers["authorization"], sent.body.toString("utf8")]);
    },
  });
  const fetch = network.fetchFor(outside);
  const unseed = seedGlobals(new Random(seed, "ids"), network.signals.timeout);
  for (const each of functionsOf(options, { clock, trace, stack, network })) functions.set(each.name, each);
  const onFailure = (error: unknown) => trace.logged(`${clock.now()} failed: ${String(error)}`);
  const sources = eventSourcesOf(template, queues, functions, here.region, onFailure);
  const timers = schedulesOf(template, functions, clock, onFailure);
  for (const each of sources) each.start();
  const send = async ({ input }: { readonly input: object }) => table.handle("Query", input).body;
  return {
    ...{ clock, beginning, stack, slack, functions, trace, network, endpoint, fetch },
    denied: router.denied,
    /** Where calls of AWS's APIs can be watched. */
    hub: options.clients === "sdk" ? router : watched(network),
    witness: new Witness({ hub: watched(network), controlPlane, log: trace.log, tableName, store: { send } }),
    /** Runs the sweep as the schedule does: one at a time. */
    sweep: () => {
      for (const timer of timers) void timer.fire();
    },
    stop: () => {
      unseed();
      for (const source of sources) void source.stop();
    },
  };
}
export type Simulation = ReturnType<typeof createSimulation>;

/** Returns the calls of AWS's APIs as the network carries them: it knows which answers are lost. */
function watched(network: Network): ObservedCalls {
  return {
    observe: (observer) =>
      network.observe(({ port, ...carried }) => {
        if (port !== "slack") observer({ ...carried, service: port });
      }),
  };
}

interface Surroundings {
  readonly clock: SimClock;
  readonly trace: Trace;
  readonly stack: Stack;
  readonly network: Network;
}

/** The template's functions, with the environment that the template gives them. */
function functionsOf(options: SimulationOptions, { clock, trace, stack, network }: Surroundings): SimFunction[] {
  const { codes, seed, facts, skewMs } = options;
  const carriedOut = performOn(stack);
  const perform = (call: Call) => sparse(carriedOut(call), options.sparseKeys);
  return stack.template.ofType("AWS::Lambda::Function").map(({ properties }) => {
    const name = String(properties["FunctionName"]).split("-").at(-1) as FunctionName;
    return new SimFunction({
      ...{
        name,
        code: codes[name],
        clock,
        network,
        perform,
        facts,
        skewMs,
        random: new Random(seed, `function ${name}`),
      },
      environment: environmentOf(properties, name, { endpoint, slackUrl: `https://${slackHost}`, place: here }),
      handler: String(properties["Handler"]).split(".")[1] ?? "",
      timeoutMs: Number(properties["Timeout"]) * 1000,
      concurrency: Number(properties["ReservedConcurrentExecutions"] ?? 10),
      onLine: (line) => trace.logged(line, name),
      count: (metric) => trace.count(`${name}.${metric}`, 1, name),
    });
  });
}

/** Returns `answer` without the members of a key that the API model does not require. */
function sparse(answer: Answer, isSparse: boolean): Answer {
  if (!isSparse) return answer;
  const { Key, ...rest } = answer.body as { readonly Key?: Readonly<Record<string, unknown>> };
  if (Key === undefined) return answer;
  const { KeyCheckValue: _value, KeyOrigin: _origin, Exportable: _exportable, ...required } = Key;
  return { ...answer, body: { ...rest, Key: required } };
}

/** Returns `reprieve:build` for a policy. */
export function factsOf(policyText: string): object {
  return { policyText, policyHash: createHash("sha256").update(policyText).digest("hex"), guardVersion: "0.1.0" };
}
