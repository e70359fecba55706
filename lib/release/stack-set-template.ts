import { codeFrom, type StackTemplate } from "./code-from.ts";

/** Returns the packaged template for a stack set: the code comes out of `<bucketPrefix>-<region>`, under `keys`. Throws a TypeError for a zip without a key. */
export function stackSetTemplate(packaged: string, bucketPrefix: string, keys: ReadonlyMap<string, string>): string {
  const template = JSON.parse(packaged) as StackTemplate;
  return JSON.stringify(codeFrom(template, { "Fn::Sub": `${bucketPrefix}-\${AWS::Region}` }, keys));
}
