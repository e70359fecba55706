/** A request itself takes so many bytes of a template; a larger one is read from a bucket. */
export const longestTemplateBody = 51_200;
/** CloudFormation takes no larger template (bytes), from wherever. */
export const longestTemplate = 1_000_000;
/** From here on (bytes) someone has to plan a second stack, and 500 resources are near as well. */
const warnFrom = 500_000;

/** A template's size, as CloudFormation counts it. */
export interface TemplateSize {
  readonly bytes: number;
  readonly verdict: "good" | "large" | "too large";
  readonly found: string;
}

/** Returns the size of a template as osls uploads it, without white space. */
export function templateSize(template: string): TemplateSize {
  const bytes = Buffer.byteLength(compactTemplate(template));
  const verdict = bytes > longestTemplate ? "too large" : bytes > warnFrom ? "large" : "good";
  const kilobytes = (count: number) => `${(count / 1_000).toFixed(0)} KB`;
  return { bytes, verdict, found: `${kilobytes(bytes)} of CloudFormation's ${kilobytes(longestTemplate)}` };
}

/** Returns the template without white space. */
export function compactTemplate(template: string): string {
  return JSON.stringify(JSON.parse(template));
}
