import { type Arn, parseArn } from "../../arn.ts";
import { isGlob, matchesGlob } from "./glob.ts";

/** Stands for zero or more segments of a path; at the end of a pattern for all that follows, the name included. */
export const anySegments = "**";

/** Stands for every value, whatever its form. */
export const anything = "*";

/** The parts of an ARN, or of a pattern of ARNs: `*` and `?` stay inside a part, and inside a segment of the resource. */
export interface ArnPattern extends Pick<Arn, "partition" | "service" | "region" | "account"> {
  readonly segments: readonly string[];
}

/** Splits `text` into the parts of an ARN pattern, or returns undefined when it does not have the parts of an ARN. */
export function parseArnPattern(text: string): ArnPattern | undefined {
  const arn = parseArn(text);
  if (arn === undefined) return undefined;
  const { partition, service, region, account } = arn;
  const segments = segmentsOf(arn);
  // A name is never left out: `role/ci/**` does not match a role that is called `ci`.
  const whole = segments.at(-1) === anySegments ? [...segments, anything] : segments;
  return { partition, service, region, account, segments: whole };
}

/** Returns the type, the segments of the path, and the name of a resource; only the type where it has no `/`. */
function segmentsOf({ resourceType, path, name }: Arn): readonly string[] {
  return path === "" ? [resourceType] : [resourceType, ...path.split("/").slice(1, -1), name];
}

/** Returns whether every part of `arn` matches its part of `pattern`. */
function matchesArn(pattern: ArnPattern, arn: ArnPattern): boolean {
  return (
    matchesGlob(pattern.partition, arn.partition) &&
    matchesGlob(pattern.service, arn.service) &&
    matchesGlob(pattern.region, arn.region) &&
    matchesGlob(pattern.account, arn.account) &&
    matchesSegments(pattern.segments, arn.segments)
  );
}

/** Returns whether all of `segments` match, as `matchesGlob` does for characters. */
function matchesSegments(pattern: readonly string[], segments: readonly string[]): boolean {
  let [p, s, star, resume] = [0, 0, -1, 0];
  while (s < segments.length) {
    const wanted = pattern[p];
    if (wanted === anySegments) {
      star = p++;
      resume = s;
    } else if (wanted !== undefined && matchesGlob(wanted, segments[s] ?? "")) {
      p++;
      s++;
    } else if (star >= 0) {
      p = star + 1;
      s = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === anySegments) p++;
  return p === pattern.length;
}

/**
 * Returns a function that answers whether an ARN or a unique id is one of `values` or matches one of the patterns among them. Only `*`
 * alone matches text that is not an ARN. Ten thousand exact values cost as much as one.
 */
export function arnMatcher(values: readonly string[]): (text: string) => boolean {
  if (values.includes(anything)) return () => true;
  const exact = new Set(values.filter((value) => !isGlob(value)));
  const patterns = values.filter(isGlob).flatMap((value) => patternMatcher(value) ?? []);
  const [first, ...more] = patterns;
  if (first === undefined) return (text) => exact.has(text);
  if (more.length === 0) return exact.size === 0 ? first : (text) => exact.has(text) || first(text);
  return (text) => exact.has(text) || patterns.some((matches) => matches(text));
}

/** The latest text with its parts: a thousand rules compare the same ARN, one after the other. */
let latest: { readonly text: string; readonly parts: ArnPattern | undefined } = { text: "", parts: undefined };

function partsOf(text: string): ArnPattern | undefined {
  if (latest.text !== text) {
    const arn = parseArn(text);
    latest = { text, parts: arn && { ...arn, segments: segmentsOf(arn) } };
  }
  return latest.parts;
}

/** As in `glob.ts`, the end of what is fixed tells most ARNs apart, and nothing is parsed for those. */
function patternMatcher(value: string): ((text: string) => boolean) | undefined {
  const pattern = parseArnPattern(value);
  if (pattern === undefined) return undefined;
  const fixed = value.search(/[*?]/);
  const beginning = value.slice(0, fixed);
  const last = value.charCodeAt(fixed - 1);
  return (text) => {
    if (text.charCodeAt(fixed - 1) !== last || text.slice(0, fixed) !== beginning) return false;
    const arn = partsOf(text);
    return arn !== undefined && matchesArn(pattern, arn);
  };
}
