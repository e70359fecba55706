/** The parts of an ARN: `arn:partition:service:region:account:type/path/name`. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  /** Empty for global services such as IAM. */
  readonly region: string;
  readonly account: string;
  /** The resource up to its first `/`, such as `role`; all of it where it has no `/`, such as `root`. */
  readonly resourceType: string;
  /** `/` or `/a/b/`; empty where the resource has no `/`. */
  readonly path: string;
  /** What follows the last `/`; empty where the resource has no `/`. */
  readonly name: string;
}

/**
 * Splits `text` into the parts of an ARN, or returns undefined when it is not one. A colon in a path or a name stays there: only the
 * first five separate parts. Whether the parts make sense for a service is for the caller to check.
 */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, account, ...rest] = text.split(":");
  if (prefix !== "arn" || !partition || !service || region === undefined || account === undefined) return undefined;
  const resource = rest.join(":");
  if (resource === "") return undefined;
  const first = resource.indexOf("/");
  const last = resource.lastIndexOf("/");
  return {
    ...{ partition, service, region, account },
    resourceType: first < 0 ? resource : resource.slice(0, first),
    path: first < 0 ? "" : resource.slice(first, last + 1),
    name: first < 0 ? "" : resource.slice(last + 1),
  };
}
