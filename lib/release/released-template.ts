import { codeFrom, type StackTemplate } from "./code-from.ts";

/** What stands in a released template for what its deployment chooses. Each text is long enough to mean nothing else. */
export const placeholders = {
  stage: "zz-released-stage-zz",
  policyMode: "zz-released-policy-mode-zz",
  policyHash: "zz-released-policy-hash-zz",
} as const;

export type Choices = Readonly<Record<keyof typeof placeholders, string>>;

const CodeBucket = {
  Type: "String",
  Description: "The bucket, in the Region of the stack, that holds the functions' zips under reprieve/",
};

/** Returns the template of a release: the code comes from the bucket that the parameter CodeBucket names. */
export function releasedTemplate(packaged: string, zips: readonly string[]): string {
  const template = JSON.parse(packaged) as StackTemplate;
  const keys = new Map(zips.map((zip) => [zip, zip]));
  const released = codeFrom(template, { Ref: "CodeBucket" }, keys);
  return `${JSON.stringify({ ...released, Parameters: { CodeBucket, ...released.Parameters } }, null, 1)}\n`;
}

/** Returns a released template for one stage, with the policy's mode and hash, and the key of each zip in the bucket. */
export function chosenTemplate(released: string, choices: Choices, keys: ReadonlyMap<string, string>): string {
  let text = released;
  for (const [name, placeholder] of Object.entries(placeholders))
    text = text.replaceAll(placeholder, choices[name as keyof Choices]);
  return `${JSON.stringify(codeFrom(JSON.parse(text) as StackTemplate, { Ref: "CodeBucket" }, keys))}\n`;
}
