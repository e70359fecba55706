import { didYouMean } from "./did-you-mean.ts";
import { matchesGlob } from "./glob.ts";

const areas = ["af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"];
const directions = ["central", "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west"];

/** Every name that a Region of the partition `aws` can have by AWS's own rule, so that a Region of next year is not called a mistake. */
const possible = areas.flatMap((area) =>
  directions.flatMap((direction) => Array.from({ length: 9 }, (_, n) => `${area}-${direction}-${n + 1}`)),
);

const names: ReadonlySet<string> = new Set(possible);

/** Regions that exist, for suggestions. */
const existing = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1", "mx-central-1", "sa-east-1"],
  ...["eu-central-1", "eu-central-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "eu-south-2"],
  ...["ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3"],
  ...["ap-southeast-4", "ap-south-1", "ap-south-2", "ap-east-1", "af-south-1", "il-central-1", "me-central-1"],
];

/** Returns why no Region of the partition `aws` matches `pattern`, or undefined where one can. */
export function regionFault(pattern: string): string | undefined {
  // A thousand rules name a thousand Regions, nearly all of them exactly.
  if (names.has(pattern) || possible.some((region) => matchesGlob(pattern, region))) return undefined;
  if (/^(cn|us-gov|us-iso|eusc|eu-isoe)/.test(pattern))
    return `\`${pattern}\` is a Region of another partition; reprieve works in the partition \`aws\` alone`;
  return `no Region is called \`${pattern}\`${didYouMean(pattern, existing)}`;
}
