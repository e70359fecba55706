import { devNull } from "node:os";

/** Credentials as they were resolved, once. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Where calls go, and as whom. */
export interface Access {
  readonly credentials: Credentials;
  readonly region: string;
  /** An AWS emulator, instead of AWS. */
  readonly endpointUrl?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** How a process finds programs, temporary files, the terminal and the network: nothing that could say as whom it acts. */
const inherited = [
  ...["PATH", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LANG", "LC_ALL", "TZ", "TERM", "NO_COLOR", "FORCE_COLOR"],
  ...["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "NODE_EXTRA_CA_CERTS"],
];

/**
 * Returns an environment, built from nothing, in which every AWS client can act only as `access` says, and without it not at all: no variable, profile,
 * configuration file or instance role of this machine counts.
 */
export function sealedEnvironment(outer: Environment, home: string, access?: Access): Record<string, string> {
  const kept = inherited.flatMap((name) => (outer[name] === undefined ? [] : [[name, outer[name]] as const]));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    ...(access !== undefined && accessVariables(access)),
  };
}

function accessVariables({ credentials, region, endpointUrl }: Access): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
    ...(expiration !== undefined && { AWS_CREDENTIAL_EXPIRATION: expiration.toISOString() }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(endpointUrl !== undefined && { AWS_ENDPOINT_URL: endpointUrl }),
  };
}
