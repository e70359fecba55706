import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Metafile } from "esbuild";

/** A package whose code is part of a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as its package.json states it. */
  readonly license: string;
  /** Text of its license file; undefined if it ships none. */
  readonly licenseText?: string;
}

/** Returns the packages of which bytes are in the bundles, sorted by name and version: what was tree-shaken away is not shipped. */
export function bundledPackages(root: string, metafiles: readonly Metafile[]): readonly BundledPackage[] {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).map(({ inputs: parts }) => parts));
  const files = inputs.flatMap((parts) =>
    Object.entries(parts).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = new Set(files.flatMap((file) => packageFolder(resolve(root, file)) ?? []));
  const packages = [...folders].map(readPackage);
  // A package may lie in several folders.
  const distinct = new Map(packages.map((each) => [`${each.name}@${each.version}`, each]));
  return [...distinct].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** Returns the folder of the package that a file belongs to, or undefined for a file of this repository. */
function packageFolder(file: string): string | undefined {
  if (!file.includes("/node_modules/")) return undefined;
  for (let folder = dirname(file); !folder.endsWith("/node_modules"); folder = dirname(folder))
    if (isNamed(join(folder, "package.json"))) return folder;
  throw new TypeError(`\`${file}\` belongs to no package`);
}

/** Tells whether a package.json is a package's own: those inside dist folders only say `"type": "module"`. */
function isNamed(file: string): boolean {
  if (!existsSync(file)) return false;
  const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
  return name !== undefined && version !== undefined;
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license?: string;
  };
  if (license === undefined) throw new TypeError(`${name} ${version} states no license`);
  const file = readdirSync(folder).find((each) => /^licen[cs]e(\.(md|txt))?$/i.test(each));
  return { name, version, license, ...(file && { licenseText: readFileSync(join(folder, file), "utf8").trim() }) };
}
