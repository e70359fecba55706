import { type Arn, parseArn } from "../../arn.ts";
import { isGlob, matchesGlob } from "./glob.ts";

/** Stands for zero or more segments of a path; at the end of a pattern for all that follows, the name included. */
export const anySegments = "**";

/** Stands for every value, whatever its form. */
export const anything = "*";

/** The parts of an ARN in which wildcards may stand: `*` and `?` stay inside a part, and inside a segment of the resource. */
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
export function matchesArn(pattern: ArnPattern, arn: Arn): boolean {
  return (
    matchesGlob(pattern.partition, arn.partition) &&
    matchesGlob(pattern.service, arn.service) &&
    matchesGlob(pattern.region, arn.region) &&
    matchesGlob(pattern.account, arn.account) &&
    matchesSegments(pattern.segments, segmentsOf(arn))
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
  const patterns = values.filter(isGlob).flatMap((value) => prepared(value) ?? []);
  if (patterns.length === 0) return (text) => exact.has(text);
  return (text) => {
    if (exact.has(text)) return true;
    const near = patterns.filter(({ fixed, last, beginning }) => {
      // As in `glob.ts`: a slice is compared faster than `startsWith`.
      return text.charCodeAt(fixed - 1) === last && text.slice(0, fixed) === beginning;
    });
    if (near.length === 0) return false;
    const arn = parseArn(text);
    return arn !== undefined && near.some(({ pattern }) => matchesArn(pattern, arn));
  };
}

function prepared(value: string) {
  const pattern = parseArnPattern(value);
  if (pattern === undefined) return undefined;
  const fixed = value.search(/[*?]/);
  return { pattern, fixed, beginning: value.slice(0, fixed), last: value.charCodeAt(fixed - 1) };
}
