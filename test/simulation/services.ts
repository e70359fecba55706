import { createHash } from "node:crypto";
import type { SimClock } from "./clock.ts";
import {
  botToken,
  ControlPlane,
  createHttpApi,
  createLocalSts,
  handleSqs,
  here,
  type Invocable,
  jsonObject,
  knownCallers,
  LocalBus,
  LocalEventHistory,
  LocalObjectStore,
  LocalSecrets,
  LocalSigningKey,
  LocalStackKey,
  LocalTopic,
  queuesOf,
  routesOf,
  rulesOf,
  type Services,
  signingKeyArn,
  signingSecret,
  Template,
} from "./local.ts";
import { SimTable } from "./table/sim-table.ts";

/** Where the functions find every service. */
export const endpoint = "http://127.0.0.1:5900";

export interface StackOptions {
  readonly templateFile: string;
  readonly clock: SimClock;
  /** How long (ms) the index of the table takes to follow a write. */
  readonly lagMs: () => number;
  /** Gets the record of every call of the control plane. */
  readonly onRecord: (envelope: object) => void;
  readonly functions: ReadonlyMap<string, Invocable>;
}

/** Every service that the packaged template needs, in memory and on virtual time. */
export function createStack({ templateFile, clock, lagMs, onRecord, functions }: StackOptions) {
  const now = () => clock.now();
  const urlOf = (name: string) => `${endpoint}/${here.account}/${name}`;
  const template = new Template(templateFile, { ...here, queueUrl: urlOf, apiUrl: () => endpoint });
  const queues = queuesOf(template, clock);
  const busNames = template.ofType("AWS::Events::EventBus").map(({ properties }) => String(properties["Name"]));
  const topic = new LocalTopic();
  const bus = new LocalBus({ ...here, now, busNames, rules: rulesOf(template, queues, topic) });
  const tableName = String(template.ofType("AWS::DynamoDB::Table").at(-1)?.properties["TableName"]);
  return {
    ...{ template, queues, bus, tableName },
    controlPlane: new ControlPlane({ ...here, now, onRecord }),
    history: new LocalEventHistory(now),
    secrets: new RotatingSecrets(template),
    ...{ topic, archive: new LocalObjectStore(now) },
    table: new SimTable(tableName, { now, lagMs }),
    stackKey: new LocalStackKey(String(template.resolve({ "Fn::GetAtt": ["Key", "Arn"] }))),
    signingKey: new LocalSigningKey({ keyArn: signingKeyArn, seed: "simulation" }),
    sts: createLocalSts({ region: here.region, now, callers: knownCallers }),
    api: once(() => createHttpApi(routesOf(template, functions), now)),
    urlOf,
  };
}
export type Stack = ReturnType<typeof createStack>;

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Returns the services of `stack` as the router of the local world calls them. */
export function servicesOf(stack: Stack): Services {
  const { controlPlane, bus, queues, secrets, signingKey, stackKey, history, topic, archive, table, sts, api, urlOf } =
    stack;
  return {
    controlPlane: (operation, body, caller) => controlPlane.handle(operation, body, caller),
    bus: (operation, body) => bus.handle(operation, body),
    queue: (operation, body) => handleSqs([...queues.values()], ({ name }) => urlOf(name), operation, body),
    secrets: (operation, body) => secrets.fake.handle(operation, body),
    signing: (operation, body) => stackKey.handle(operation, body) ?? signingKey.handle(operation, body),
    history: (operation, body) => history.handle(operation, body),
    topic: async (_, body) => topic.handle(body),
    archive: (request, body) => archive.handle(request, body),
    sts,
    api: async (request, body) => await api()(request, body),
    lambda: async () => ({ status: 404, body: { __type: "ResourceNotFoundException" } }),
    store: async ({ headers }, body) => {
      const operation = String(headers["x-amz-target"]).split(".").at(-1) ?? "";
      return table.handle(operation, jsonObject(body.toString("utf8")) ?? {});
    },
  };
}

const secretNames = { SlackSigningSecret: signingSecret, SlackBotToken: botToken };
export type SecretName = keyof typeof secretNames;

/** The template's secrets: what Slack holds and what Secrets Manager holds change together. */
export class RotatingSecrets {
  readonly fake = new LocalSecrets();
  readonly #template: Template;
  readonly #values: Record<SecretName, string> = { ...secretNames };
  #rotations = 0;

  constructor(template: Template) {
    this.#template = template;
    for (const name of ["SlackSigningSecret", "SlackBotToken"] as const) this.#store(name);
  }

  /** Returns the value that Slack holds now. */
  current(name: SecretName): string {
    return this.#values[name];
  }

  rotate(name: SecretName): void {
    const digest = createHash("sha256")
      .update(`${name} ${++this.#rotations}`)
      .digest("hex")
      .slice(0, 32);
    this.#values[name] = name === "SlackBotToken" ? `xoxb-${digest}` : digest;
    this.#store(name);
  }

  #store(name: SecretName): void {
    this.fake.set(String(this.#template.resolve({ Ref: name })), this.#values[name]);
  }
}
