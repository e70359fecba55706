/** A role to assume. */
export interface PlaceRole {
  readonly arn: string;
  readonly externalId?: string;
  readonly sessionName: string;
}

/** One stack of many: an account, a Region and a stage, and how this machine signs in to it. */
export interface Place {
  /** Unique in its file, and the name of a folder. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly stage: string;
  /** A profile of the AWS configuration; undefined for the credentials of the shell. */
  readonly profile?: string;
  /** Is assumed with the credentials of the profile or the shell. */
  readonly role?: PlaceRole;
  /** The verifier key of its log. */
  readonly key?: string;
  /** Where its stack takes what people report. */
  readonly endpoint?: string;
  /** An AWS emulator instead of AWS. */
  readonly endpointUrl?: string;
}

/** Returns a place as a row names it: `eu-prod 111122223333 eu-west-1`. */
export function placeText({ name, account, region }: Place): string {
  return `${name} ${account} ${region}`;
}

/** Returns what an export of the place names as its source. */
export function sourceText({ account, region, stage }: Pick<Place, "account" | "region" | "stage">): string {
  return `${account} ${region} ${stage}`;
}
