import { account, region } from "./people.ts";

/** The one asymmetric KMS key of the local world. */
export const signingKeyArn = `arn:aws:kms:${region}:${account}:key/5f0f2a4c-0000-4000-8000-00000000c0de`;
