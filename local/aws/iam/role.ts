import { matchesGlob } from "../../../lib/domain/policy/match/glob.ts";

/** A statement as the template's roles have it. There is no Deny among them. */
export interface Statement {
  readonly Effect: "Allow";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: {
    readonly "ForAllValues:StringLike"?: { readonly "dynamodb:LeadingKeys"?: string | readonly string[] };
    readonly StringEquals?: { readonly "s3:prefix"?: string };
    readonly ArnEquals?: { readonly "lambda:SourceFunctionArn"?: string };
  };
}

/** What a call asks IAM for. */
export interface Demand {
  readonly action: string;
  readonly resource: string;
  /** Partition keys that the call touches; empty for anything but DynamoDB. */
  readonly leadingKeys: readonly string[];
  /** What the names of listed objects begin with; S3 alone. */
  readonly prefix?: string;
}

/** What a function's role allows its code. */
export interface FunctionRole {
  readonly statements: readonly Statement[];
  readonly functionArn: string;
}

/** Whether one of the statements allows it, as IAM evaluates them: without any there is no permission. */
export function isAllowed(
  { statements, functionArn }: FunctionRole,
  { action, resource, leadingKeys, prefix }: Demand,
): boolean {
  return statements.some(({ Action, Resource, Condition }) => {
    const keys = Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"];
    const ofPrefix = Condition?.StringEquals?.["s3:prefix"];
    const ofFunction = Condition?.ArnEquals?.["lambda:SourceFunctionArn"];
    return (
      (ofPrefix === undefined || ofPrefix === prefix) &&
      (ofFunction === undefined || ofFunction === functionArn) &&
      some(Action, action) &&
      some(Resource, resource) &&
      (keys === undefined || leadingKeys.every((key) => some(keys, key)))
    );
  });
}

function some(patterns: string | readonly string[], text: string): boolean {
  return [patterns].flat().some((pattern) => matchesGlob(pattern, text));
}
