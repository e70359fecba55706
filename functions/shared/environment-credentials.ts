import { fromEnv } from "@aws-sdk/credential-provider-env";

/**
 * Stands in the bundles for `@aws-sdk/credential-provider-node`. On Lambda the credentials are in the environment and nowhere
 * else; the whole default chain would cost 250 KB and 22 ms of every cold start, and would look for them in files and over HTTP.
 */
export const defaultProvider = fromEnv;
