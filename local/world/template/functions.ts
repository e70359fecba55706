import { join } from "node:path";
import type { FunctionRole, Statement } from "../../aws/iam/role.ts";
import type { Invocable } from "../../aws/lambda/invocable.ts";
import { LocalFunction } from "../../aws/lambda/local-function.ts";
import type { Place } from "../../aws/place.ts";
import type { WorldClock } from "../../clock/world-clock.ts";
import { approval, guard, judge, notifier, type Person, remediator, sweeper } from "../people.ts";
import type { Template } from "./template.ts";

/** Where the functions find the services of this machine. */
export interface Surroundings {
  readonly endpoint: string;
  readonly slackUrl: string;
  readonly place: Place;
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
      const name = shortNameOf(properties["FunctionName"]);
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
  { endpoint, slackUrl, place }: Pick<Surroundings, "endpoint" | "slackUrl" | "place">,
): Record<string, string> {
  const { Variables } = properties["Environment"] as { Variables: Record<string, string> };
  return {
    ...Variables,
    AWS_REGION: place.region,
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
const actors: Readonly<Record<string, Person>> = {
  guard,
  sweep: sweeper,
  approval,
  votes: judge,
  notify: notifier,
  remediation: remediator,
};

/** The function that calls with `accessKeyId`, by its short name; empty for someone else. */
export function nameOfFunction(accessKeyId: string): string {
  return Object.keys(actors).find((name) => actors[name]?.accessKeyId === accessKeyId) ?? "";
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

/** Returns what each function's role allows it, by the function's short name. */
export function rolesOf(template: Template): ReadonlyMap<string, FunctionRole> {
  const roles = template.ofType("AWS::IAM::Role");
  const added = template
    .ofType("AWS::IAM::Policy")
    .map(({ properties }) => properties as unknown as Policy & { readonly Roles: readonly string[] });
  return new Map(
    template.ofType("AWS::Lambda::Function").map(({ id, properties }) => {
      const role = roles.find(({ properties: { RoleName } }) =>
        String(properties["Role"]).endsWith(`/${String(RoleName)}`),
      );
      const policies = (role?.properties["Policies"] ?? []) as Policy[];
      const more = added.filter(({ Roles }) => Roles.includes(String(role?.properties["RoleName"])));
      const statements = [...policies, ...more].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      const functionArn = String(template.resolve({ "Fn::GetAtt": [id, "Arn"] }));
      return [shortNameOf(properties["FunctionName"]), { statements, functionArn }];
    }),
  );
}

/** The function that an ARN of the template names. */
export function functionByArn<Target extends Invocable>(
  functions: ReadonlyMap<string, Target>,
  arn: string,
): Target | undefined {
  return functions.get(shortNameOf(arn));
}

/** The last part of a function's name or ARN: `guard` of `reprieve-dev-guard`. */
function shortNameOf(nameOrArn: unknown): string {
  return String(nameOrArn).split("-").at(-1) ?? "";
}
