import { readFileSync } from "node:fs";

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

interface Parsed {
  readonly Resources: Record<string, Resource>;
  readonly Parameters?: Record<string, { readonly Default: unknown }>;
  readonly Conditions?: Record<string, unknown>;
}

/** What the intrinsic functions of a template resolve to on this machine. */
export interface TemplatePlace {
  readonly account: string;
  readonly region: string;
  readonly queueUrl: (queueName: string) => string;
  /** Where the HTTP API answers. */
  readonly apiUrl: () => string;
}

/** The packaged CloudFormation template: the one source of truth for what runs behind what, in AWS and here. */
export class Template {
  readonly #resources: Readonly<Record<string, Resource>>;
  /** Of every parameter: nobody gives one another value here. */
  readonly #defaults: ReadonlyMap<string, string>;
  readonly #conditions: Readonly<Record<string, unknown>>;
  readonly #place: TemplatePlace;

  constructor(file: string, place: TemplatePlace) {
    const { Resources, Parameters = {}, Conditions = {} } = JSON.parse(readFileSync(file, "utf8")) as Parsed;
    this.#resources = Resources;
    this.#defaults = new Map(Object.entries(Parameters).map(([id, { Default }]) => [id, String(Default)]));
    this.#conditions = Conditions;
    this.#place = place;
  }

  /** Returns every resource of `type` whose condition holds, its properties resolved, by logical id. */
  ofType(type: string): readonly { readonly id: string; readonly properties: Readonly<Record<string, unknown>> }[] {
    return Object.entries(this.#resources)
      .filter(
        ([, { Type, Condition }]) =>
          Type === type && (Condition === undefined || this.#holds(this.#conditions[Condition])),
      )
      .map(([id, { Properties = {} }]) => ({ id, properties: this.resolve(Properties) as Record<string, unknown> }));
  }

  /** `value` with Ref, Fn::GetAtt, Fn::Sub, Fn::Join and Fn::If resolved. Throws an Error for anything else. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== undefined);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value);
    const [[name, argument] = ["", undefined]] = entries;
    if (entries.length === 1 && name === "Ref") return this.#ref(String(argument));
    if (entries.length === 1 && name.startsWith("Fn::")) return this.#intrinsic(name, argument);
    return Object.fromEntries(entries.map(([key, inner]) => [key, this.resolve(inner)]));
  }

  #intrinsic(name: string, argument: unknown): unknown {
    if (name === "Fn::GetAtt") {
      const [id = "", attribute = ""] = Array.isArray(argument) ? argument.map(String) : String(argument).split(".");
      return this.#attribute(id, attribute);
    }
    if (name === "Fn::Sub" && typeof argument === "string")
      return argument.replace(/\$\{([^}]+)\}/g, (_, inner: string) => {
        const [id = "", attribute] = inner.split(".");
        return attribute === undefined ? (this.#ref(id) ?? "") : this.#attribute(id, attribute);
      });
    if (name === "Fn::Join" && Array.isArray(argument)) {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => String(this.resolve(part))).join(separator);
    }
    if (name === "Fn::If" && Array.isArray(argument)) {
      const [condition, then, otherwise] = argument as [string, unknown, unknown];
      return this.resolve(this.#holds(this.#conditions[condition]) ? then : otherwise);
    }
    throw new Error(`the local world does not know \`${name}\``);
  }

  #holds(condition: unknown): boolean {
    const [[name, argument] = ["", undefined]] = Object.entries(condition ?? {});
    const inner = (Array.isArray(argument) ? argument : []) as unknown[];
    if (name === "Fn::Not") return !this.#holds(inner[0]);
    if (name === "Fn::And") return inner.every((each) => this.#holds(each));
    if (name === "Fn::Equals") return this.resolve(inner[0]) === this.resolve(inner[1]);
    throw new Error(`the local world does not know the condition \`${JSON.stringify(condition)}\``);
  }

  /** Undefined for AWS::NoValue: what holds it is left out. */
  #ref(id: string): string | undefined {
    if (id === "AWS::NoValue") return undefined;
    const { account, region, queueUrl } = this.#place;
    const pseudo: Record<string, string> = {
      "AWS::AccountId": account,
      "AWS::Region": region,
      "AWS::Partition": "aws",
      "AWS::URLSuffix": "amazonaws.com",
    };
    const resource = this.#resources[id];
    if (pseudo[id] !== undefined) return pseudo[id];
    if (resource?.Type === "AWS::SQS::Queue") return queueUrl(this.#nameOf(id));
    if (resource?.Type === "AWS::SNS::Topic" || resource?.Type === "AWS::SecretsManager::Secret")
      return this.#attribute(id, "Arn");
    return resource === undefined ? (this.#defaults.get(id) ?? id) : this.#nameOf(id);
  }

  #attribute(id: string, attribute: string): string {
    if (attribute === "ApiEndpoint") return this.#place.apiUrl();
    if (attribute === "QueueName") return this.#nameOf(id);
    if (attribute !== "Arn")
      throw new Error(`the local world does not know the attribute \`${attribute}\` of \`${id}\``);
    const { account, region } = this.#place;
    const name = this.#nameOf(id);
    const onBus = this.resolve(this.#resources[id]?.Properties?.["EventBusName"]);
    const ruleName = onBus === undefined ? name : `${String(onBus)}/${name}`;
    const arns: Record<string, string> = {
      "AWS::SQS::Queue": `arn:aws:sqs:${region}:${account}:${name}`,
      "AWS::DynamoDB::Table": `arn:aws:dynamodb:${region}:${account}:table/${name}`,
      "AWS::Lambda::Function": `arn:aws:lambda:${region}:${account}:function:${name}`,
      "AWS::Events::Rule": `arn:aws:events:${region}:${account}:rule/${ruleName}`,
      "AWS::Events::EventBus": `arn:aws:events:${region}:${account}:event-bus/${name}`,
      "AWS::IAM::Role": `arn:aws:iam::${account}:role${this.#rolePathOf(id)}${name}`,
      "AWS::SNS::Topic": `arn:aws:sns:${region}:${account}:${name}`,
      "AWS::KMS::Key": `arn:aws:kms:${region}:${account}:key/${name}`,
      "AWS::S3::Bucket": `arn:aws:s3:::${name}`,
      "AWS::SecretsManager::Secret": `arn:aws:secretsmanager:${region}:${account}:secret:${name}`,
    };
    return arns[this.#resources[id]?.Type ?? ""] ?? id;
  }

  #rolePathOf(id: string): string {
    return String(this.resolve(this.#resources[id]?.Properties?.["Path"] ?? "/"));
  }

  #nameOf(id: string): string {
    const properties = this.#resources[id]?.Properties ?? {};
    const name =
      properties["QueueName"] ??
      properties["TableName"] ??
      properties["FunctionName"] ??
      properties["RoleName"] ??
      properties["TopicName"] ??
      properties["BucketName"] ??
      properties["Name"];
    return name === undefined ? id : String(this.resolve(name));
  }
}
