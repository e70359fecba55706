import type { Command } from "commander";
import { quoted } from "../../lib/domain/printable-text.ts";
import { isRegion, isStage } from "../../lib/domain/stack-place.ts";
import { type Access, boundTo } from "../shell/access.ts";
import { UsageError } from "../shell/input-error.ts";
import { callTimeouts } from "./call-timeouts.ts";
import { localEndpoint, localWorld } from "./local-world.ts";

/** Where AWS is asked: in a region, or at an endpoint such as the local world's. */
export interface AwsPlace {
  readonly region: string;
  readonly endpoint?: string;
  /** As whom, and until when; without it as the shell. */
  readonly access?: Access;
}

export interface PlaceOptions {
  readonly stage?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly local?: true;
}

/** `command` with the options that name a stack. */
export function ofStack(command: Command): Command {
  const named = command
    .option("--stage <stage>", "the stage of the stack (default: the config file's, else dev)")
    .option("--region <region>", "its region (default: AWS_REGION, the config file's, else us-east-1)");
  return ofEndpoint(named);
}

/** `command` with the options that say where AWS is. */
export function ofEndpoint(command: Command): Command {
  return command
    .option("--endpoint-url <url>", "another endpoint of AWS")
    .option("--local", `the local world of npm start (${localEndpoint}, or whichever port it runs on)`);
}

/** What is taken where no option names it. */
export interface PlaceDefaults {
  readonly region: string;
  readonly stage?: string | undefined;
  readonly access?: Access;
}

/** The local world has one stage, in one Region, whatever this machine is set up for. */
const localDefaults: PlaceDefaults = { region: "us-east-1" };

/** Returns the stack that `options` name. Throws a UsageError. */
export function stackFrom(options: PlaceOptions, defaults: PlaceDefaults): AwsPlace & { readonly stage: string } {
  const { local } = options;
  const otherwise = local ? localDefaults : defaults;
  const { stage = otherwise.stage ?? "dev", region = otherwise.region } = options;
  const { access } = otherwise;
  const endpoint = options.endpointUrl ?? (local ? localWorld() : access?.endpointUrl);
  if (!isStage(stage)) throw new UsageError(`expected a stage such as prod, found ${quoted(stage)}`);
  if (!isRegion(region)) throw new UsageError(`expected a region such as us-east-1, found ${quoted(region)}`);
  if (endpoint !== undefined && URL.parse(endpoint) === null)
    throw new UsageError(`expected a URL, found ${quoted(endpoint)}`);
  return { stage, region, ...(endpoint !== undefined && { endpoint }), ...(access && { access }) };
}

/** The name of the table of cases, as serverless.yml gives it. */
export function casesTableOf({ stage }: { readonly stage: string }): string {
  return `reprieve-${stage}-cases`;
}

/** Those of the local world; nobody else takes them. */
export const localCredentials = { accessKeyId: "local", secretAccessKey: "local" } as const;

/** Settings of an AWS client. On this machine nobody needs credentials; every other endpoint is AWS's, or a VPC's. */
export function clientSettings({ region, endpoint, access }: AwsPlace) {
  const here = endpoint !== undefined && isHere(new URL(endpoint));
  return {
    region,
    ...callTimeouts,
    ...(endpoint !== undefined && { endpoint }),
    ...(here && { credentials: localCredentials }),
    ...(access && { credentials: access.credentials, extensions: [boundTo(access)] }),
  };
}

/** Whether `url` is an address of this very machine. */
export function isHere({ hostname }: URL): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}
