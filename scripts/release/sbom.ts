import type { BundledPackage } from "./bundled-packages.ts";

/** The packages of each artifact of a release, by the artifact's file name. */
export type Contents = Readonly<Record<string, readonly BundledPackage[]>>;

/**
 * Returns a CycloneDX 1.6 document of what is in the bundles of a release: each package of which code is shipped, and in which artifacts
 * (property `reprieve:artifact`). It holds no time and no random number: the same code has the same document.
 */
export function sbomOf({ name, version }: { readonly name: string; readonly version: string }, contents: Contents) {
  const root = { type: "application", "bom-ref": purlOf({ name, version }), ...named(name), version };
  const artifacts = new Map<string, { readonly bundled: BundledPackage; readonly shippedIn: string[] }>();
  for (const [artifact, packages] of Object.entries(contents))
    for (const each of packages) {
      const known = artifacts.get(purlOf(each)) ?? { bundled: each, shippedIn: [] };
      known.shippedIn.push(artifact);
      artifacts.set(purlOf(each), known);
    }
  const components = [...artifacts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([purl, { bundled: each, shippedIn }]) => ({
      ...{ type: "library", "bom-ref": purl, ...named(each.name), version: each.version, scope: "required", purl },
      licenses: [{ license: { id: each.license } }],
      properties: shippedIn.map((value) => ({ name: "reprieve:artifact", value })),
    }));
  return {
    ...{ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 },
    metadata: { component: { ...root, purl: root["bom-ref"], licenses: [{ license: { id: "Apache-2.0" } }] } },
    components,
    dependencies: [{ ref: root["bom-ref"], dependsOn: components.map((component) => component["bom-ref"]) }],
  };
}

/** Returns a package URL: the scope of a package is its namespace, with the `@` escaped. */
function purlOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function named(name: string): { readonly group?: string; readonly name: string } {
  const [group = "", rest] = name.split("/");
  return rest === undefined ? { name } : { group, name: rest };
}
