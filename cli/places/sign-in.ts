import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromIni } from "@aws-sdk/credential-provider-ini";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import type { Credentials } from "../shell/credentials.ts";
import { clientSettings, isHere, localCredentials } from "../stack/aws-place.ts";
import type { Place } from "./place.ts";
import type { Bounds, SignIn } from "./places-context.ts";

/** How long (s) the credentials of a role last: the least that every role allows at most. */
const sessionSeconds = 3_600;

/**
 * Returns what signs in to places. Profiles and the shell's credentials are resolved once, however many places use them: forty roles behind
 * one profile of IAM Identity Center are one look-up. Credentials are resolved before the account is asked for, and are not renewed: what
 * was checked is what calls.
 */
export function createSignIn(): SignIn {
  const resolved = new Map<string | undefined, Promise<Credentials>>();
  const sourceOf = async (profile: string | undefined): Promise<Credentials> => {
    const known = resolved.get(profile) ?? (profile === undefined ? defaultProvider() : fromIni({ profile }))();
    resolved.set(profile, known);
    return await known;
  };
  return async (place, bounds) => {
    const { profile, role, endpointUrl } = place;
    // An emulator on this machine takes any credentials, and must not get real ones.
    const isLocal = endpointUrl !== undefined && isHere(new URL(endpointUrl));
    const source = isLocal ? localCredentials : await sourceOf(profile);
    const credentials = role === undefined ? source : await assumed(place, role, source, bounds);
    const client = stsOf(place, credentials, bounds);
    try {
      const { Account = "" } = await client.send(new GetCallerIdentityCommand({}));
      return { credentials, account: Account };
    } finally {
      client.destroy();
    }
  };
}

async function assumed(
  place: Place,
  { arn, externalId, sessionName }: NonNullable<Place["role"]>,
  source: Credentials,
  bounds: Bounds,
): Promise<Credentials> {
  const client = stsOf(place, source, bounds);
  const request = { RoleArn: arn, RoleSessionName: sessionName, DurationSeconds: sessionSeconds };
  try {
    const { Credentials: given } = await client.send(
      new AssumeRoleCommand({ ...request, ...(externalId !== undefined && { ExternalId: externalId }) }),
    );
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = given ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  } finally {
    client.destroy();
  }
}

/** The STS of the place's own Region: its tokens are valid in every Region, and it works where others are denied. */
function stsOf({ account, region, endpointUrl: endpoint }: Place, credentials: Credentials, bounds: Bounds): STSClient {
  const access = { account, credentials, ...bounds };
  return new STSClient(clientSettings({ region, access, ...(endpoint !== undefined && { endpoint }) }));
}
