import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { LocalBus } from "../aws/bus/local-bus.ts";
import { LocalEventHistory } from "../aws/event-history.ts";
import { createHttpApi } from "../aws/http-api/http-api.ts";
import { LocalSigningKey } from "../aws/kms/signing-key.ts";
import { LocalStackKey } from "../aws/kms/stack-key.ts";
import { invokeByName } from "../aws/lambda/invoke-api.ts";
import type { LocalFunction } from "../aws/lambda/local-function.ts";
import { LocalObjectStore } from "../aws/object-store.ts";
import { ControlPlane } from "../aws/payment-cryptography/control-plane.ts";
import { handleSqs } from "../aws/queue/sqs-api.ts";
import type { LocalSchedule } from "../aws/schedule.ts";
import { LocalSecrets } from "../aws/secrets.ts";
import { createLocalSts } from "../aws/sts/sts-service.ts";
import { LocalTopic } from "../aws/topic.ts";
import { WorldClock } from "../clock/world-clock.ts";
import { botToken, createLocalWorkspace, signingSecret } from "../slack/local-workspace.ts";
import { Hub } from "./hub/hub.ts";
import { requestAgain } from "./hub/request.ts";
import { ServiceRouter } from "./hub/service-router.ts";
import type { Services } from "./hub/services.ts";
import { knownCallers } from "./known-callers.ts";
import { here } from "./people.ts";
import { settle } from "./settle.ts";
import { signingKeyArn } from "./signing-key.ts";
import { functionsOf, nameOfFunction, rolesOf } from "./template/functions.ts";
import { Template } from "./template/template.ts";
import { createTables, eventSourcesOf, queuesOf, routesOf, rulesOf, schedulesOf } from "./template/wiring.ts";

import type { World, WorldOptions } from "./world.ts";

/** Starts the world that the packaged template describes. Throws a PortInUseError. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { templateFile, bundles, port, slackPort = 0, schedules = false, place = here } = options;
  const { account, region } = place;
  const clock = new WorldClock();
  const now = () => clock.now();
  let endpoint = "";
  const log: string[] = [];
  const onFailure = (error: unknown) => log.push(String(error));
  const urlOf = (name: string) => `${endpoint}/${account}/${name}`;
  const template = new Template(templateFile, { account, region, queueUrl: urlOf, apiUrl: () => endpoint });
  const queues = queuesOf(template, clock);
  const busNames = template.ofType("AWS::Events::EventBus").map(({ properties }) => String(properties["Name"]));
  const topic = new LocalTopic();
  const bus = new LocalBus({ account, region, now, busNames, rules: rulesOf(template, queues, topic) });
  const history = new LocalEventHistory(now);
  const controlPlane = new ControlPlane({
    account,
    region,
    now,
    onRecord: (envelope) => {
      history.keep(envelope);
      bus.emit(envelope);
    },
  });
  const secrets = secretsOf(template);
  const archive = new LocalObjectStore(now);
  const signingKey = new LocalSigningKey({ keyArn: signingKeyArn });
  const stackKey = new LocalStackKey(String(template.resolve({ "Fn::GetAtt": ["Key", "Arn"] })));
  const slack = createLocalWorkspace({
    now,
    interactionsUrl: () => `${endpoint}/slack/interactions`,
    ...(options.slackTimeoutMs !== undefined && { timeoutMs: options.slackTimeoutMs }),
  });
  let functions: ReadonlyMap<string, LocalFunction> = new Map();
  let api: ReturnType<typeof createHttpApi> | undefined;
  const table = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const services: Services = {
    controlPlane: (operation, body, caller) => controlPlane.handle(operation, body, caller),
    bus: (operation, body) => bus.handle(operation, body),
    queue: (operation, body) => handleSqs([...queues.values()], ({ name }) => urlOf(name), operation, body),
    secrets: (operation, body) => secrets.handle(operation, body),
    signing: (operation, body) => stackKey.handle(operation, body) ?? signingKey.handle(operation, body),
    history: (operation, body) => history.handle(operation, body),
    topic: async (_request, body) => topic.handle(body),
    sts: createLocalSts({ region, now, callers: knownCallers }),
    api: async (request, body) => {
      api ??= createHttpApi(routesOf(template, functions), now);
      return await api(request, body);
    },
    archive: (request, body) => archive.handle(request, body),
    lambda: async (request, body) => await invokeByName(functions, request, body),
    store: async (request, body) => await requestAgain(table, request, body),
  };
  const roles = rolesOf(template);
  const hub = new Hub({
    router: new ServiceRouter({ services, place, roleOf: (accessKeyId) => roles.get(nameOfFunction(accessKeyId)) }),
    isFunction: (accessKeyId) => nameOfFunction(accessKeyId) !== "",
    crash: async (accessKeyId) => await functions.get(nameOfFunction(accessKeyId))?.kill(),
    now,
    sleep: async (ms) => await clock.sleep(ms),
  });
  endpoint = await hub.listen(port);
  const slackUrl = await slack.listen(slackPort).catch(async (error: unknown) => {
    await hub.close();
    throw error;
  });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const store = new DynamoDBClient({ endpoint, region, credentials });
  const tableName = await createTables(template, store);
  functions = functionsOf(template, bundles, { endpoint, slackUrl, place, clock, onLine: (line) => log.push(line) });
  const sources = eventSourcesOf(template, queues, functions, region, onFailure);
  const timers = schedulesOf(template, functions, clock, onFailure);
  for (const source of sources) source.start();
  if (schedules) for (const timer of timers) timer.start();
  return {
    place,
    endpoint,
    slackUrl,
    clock,
    controlPlane,
    history,
    slack,
    secrets,
    topic,
    archive,
    signingKey,
    stackKey,
    bus,
    hub,
    busName: busNames[0] ?? "",
    queues: {
      guard: pick(queues, "GuardQueue"),
      deadLetters: pick(queues, "GuardDeadLetterQueue"),
      notify: pick(queues, "NotifyQueue"),
      notifyDeadLetters: pick(queues, "NotifyDeadLetterQueue"),
      votes: pick(queues, "VoteQueue"),
      votesDeadLetters: pick(queues, "VotesDeadLetterQueue"),
      remediation: pick(queues, "RemediationQueue"),
      changes: pick(queues, "ChangeQueue"),
      remediationDeadLetters: pick(queues, "RemediationDeadLetterQueue"),
    },
    functions,
    store,
    tableName,
    log,
    deploy: (newer) => {
      for (const [name, each] of functions) each.deploy(join(newer[name] ?? "", "index.mjs"));
    },
    sweep: async () => await sweepNow(timers),
    settle: async ({ advance = false } = {}) =>
      await settle({
        clock,
        queues: ["VoteQueue", "GuardQueue", "NotifyQueue", "RemediationQueue", "ChangeQueue"].map((id) =>
          pick(queues, id),
        ),
        busy: () => [...sources, ...timers].some(({ busy }) => busy > 0),
        advance,
      }),
    stop: async () => {
      for (const timer of timers) timer.stop();
      await Promise.all([
        ...sources.map(async (source) => await source.stop()),
        ...[...functions.values()].map(async (each) => await each.kill()),
      ]);
      store.destroy();
      await Promise.all([hub.close(), slack.close()]);
    },
  };
}

async function sweepNow(timers: readonly LocalSchedule[]): Promise<void> {
  await Promise.all(timers.map(async (timer) => await timer.fire()));
}

/** The template's secrets, with the values that anyone who installs the stack would put in. */
function secretsOf(template: Template): LocalSecrets {
  const secrets = new LocalSecrets();
  const values: Record<string, string> = { SlackSigningSecret: signingSecret, SlackBotToken: botToken };
  for (const { id } of template.ofType("AWS::SecretsManager::Secret"))
    secrets.set(String(template.resolve({ Ref: id })), values[id] ?? "");
  return secrets;
}

function pick<Value>(values: ReadonlyMap<string, Value>, id: string): Value {
  const value = values.get(id);
  if (value === undefined) throw new Error(`the template has no \`${id}\``);
  return value;
}
