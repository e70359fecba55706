/** A CloudFormation template, as far as a release changes it. */
export interface StackTemplate {
  readonly Parameters: Record<string, unknown>;
  readonly Resources: Record<string, Resource>;
  readonly Outputs: Record<string, unknown>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly Code?: { readonly S3Bucket?: object; readonly S3Key: string } };
}

/**
 * Returns the template without the bucket that osls deploys from, and with the code out of `bucket` (a CloudFormation expression), where `keys`
 * say under which key each zip lies. Throws a TypeError for a zip without a key.
 */
export function codeFrom(template: StackTemplate, bucket: object, keys: ReadonlyMap<string, string>): StackTemplate {
  const resources = Object.entries(template.Resources).filter(([id]) => !id.startsWith("ServerlessDeploymentBucket"));
  const outputs = Object.entries(template.Outputs).filter(([id]) => id !== "ServerlessDeploymentBucketName");
  return {
    ...template,
    Resources: Object.fromEntries(resources.map(([id, resource]) => [id, withCode(resource, bucket, keys)])),
    Outputs: Object.fromEntries(outputs),
  };
}

function withCode(resource: Resource, S3Bucket: object, keys: ReadonlyMap<string, string>): Resource {
  const zip = resource.Properties?.Code?.S3Key.split("/").at(-1);
  if (resource.Type !== "AWS::Lambda::Function" || zip === undefined) return resource;
  const S3Key = keys.get(zip);
  if (S3Key === undefined) throw new TypeError(`no key was given for ${zip}`);
  return { ...resource, Properties: { ...resource.Properties, Code: { S3Bucket, S3Key } } };
}
