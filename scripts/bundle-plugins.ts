import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

/** Of a package.json the code reads name and version only; the rest is 3 KB per SDK client. */
export const nameAndVersionOnly: Plugin = {
  name: "name-and-version-only",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, "utf8")) as { name: string; version: string };
      return { contents: JSON.stringify({ name, version }), loader: "json" };
    });
  },
};

interface Partitions {
  readonly partitions: readonly { readonly id: string; readonly regions: object }[];
  readonly version: string;
}

/** The stack runs in the partition `aws` alone, and no code reads how AWS describes a Region: 4 KB that every cold start would load. */
export const onePartition: Plugin = {
  name: "one-partition",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]util-endpoints[/\\].*[/\\]partitions\.json$/ }, ({ path }) => {
      const { partitions, version } = JSON.parse(readFileSync(path, "utf8")) as Partitions;
      const own = partitions
        .filter(({ id }) => id === "aws")
        .map((each) => ({ ...each, regions: withoutTexts(each.regions) }));
      return { contents: JSON.stringify({ partitions: own, version }), loader: "json" };
    });
  },
};

function withoutTexts(regions: object): object {
  return Object.fromEntries(Object.keys(regions).map((region) => [region, {}]));
}
