interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs: Record<string, unknown>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly Code?: { readonly S3Key: string } };
}

/**
 * The packaged template for a stack set: without the bucket that osls deploys from, and with the code out of `<bucketPrefix>-<region>`, where
 * `keys` say under which key each zip lies. Output exports go too: nobody imports them.
 */
export function stackSetTemplate(packaged: string, bucketPrefix: string, keys: ReadonlyMap<string, string>): string {
  const template = JSON.parse(packaged) as Template;
  const resources = Object.entries(template.Resources).filter(([id]) => !id.startsWith("ServerlessDeploymentBucket"));
  const outputs = Object.entries(template.Outputs).filter(([id]) => id !== "ServerlessDeploymentBucketName");
  const made = {
    ...template,
    Resources: Object.fromEntries(resources.map(([id, resource]) => [id, withCode(resource, bucketPrefix, keys)])),
    Outputs: Object.fromEntries(outputs),
  };
  return JSON.stringify(made);
}

function withCode(resource: Resource, bucketPrefix: string, keys: ReadonlyMap<string, string>): Resource {
  const zip = resource.Properties?.Code?.S3Key.split("/").at(-1);
  if (resource.Type !== "AWS::Lambda::Function" || zip === undefined) return resource;
  const S3Key = keys.get(zip);
  if (S3Key === undefined) throw new TypeError(`no key was given for ${zip}`);
  const Code = { S3Bucket: { "Fn::Sub": `${bucketPrefix}-\${AWS::Region}` }, S3Key };
  return { ...resource, Properties: { ...resource.Properties, Code } };
}
