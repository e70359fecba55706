import { quoted } from "../lib/domain/printable-text.ts";
import { isRegion, isStage } from "../lib/domain/stack-place.ts";
import { UsageError } from "./input-error.ts";

/** Where AWS is asked: in a region, or at an endpoint such as the local world's. */
export interface AwsPlace {
  readonly region: string;
  readonly endpoint?: string;
}

export const placeOptions = {
  stage: { type: "string" },
  region: { type: "string" },
  "endpoint-url": { type: "string" },
} as const;

export interface PlaceValues {
  readonly stage?: string;
  readonly region?: string;
  readonly "endpoint-url"?: string;
}

/** The stack that `values` name. Throws a UsageError. */
export function stackFrom(values: PlaceValues, defaultRegion: string): AwsPlace & { readonly stage: string } {
  const { stage = "dev", region = defaultRegion, "endpoint-url": endpoint } = values;
  if (!isStage(stage)) throw new UsageError(`expected a stage such as prod, found ${quoted(stage)}`);
  if (!isRegion(region)) throw new UsageError(`expected a region such as us-east-1, found ${quoted(region)}`);
  if (endpoint !== undefined && URL.parse(endpoint) === null)
    throw new UsageError(`expected a URL, found ${quoted(endpoint)}`);
  return { stage, region, ...(endpoint !== undefined && { endpoint }) };
}

/** Settings of an AWS client. On this machine nobody needs credentials; every other endpoint is AWS's, or a VPC's. */
export function clientSettings({ region, endpoint }: AwsPlace) {
  const here = endpoint !== undefined && isHere(new URL(endpoint));
  return {
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(here && { credentials: { accessKeyId: "local", secretAccessKey: "local" } }),
  };
}

/** Whether `url` is an address of this very machine. */
export function isHere({ hostname }: URL): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}
