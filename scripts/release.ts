import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import pc from "picocolors";
import { checksumsFile, checksumsText } from "../lib/release/checksums.ts";
import { root } from "./bundle.ts";
import { optionsOrUsage } from "./options.ts";
import { licensesFile, licensesText } from "./release/bundled-licenses.ts";
import { bundledPackages } from "./release/bundled-packages.ts";
import { changelogSection } from "./release/changelog-section.ts";
import { type Distribution, makeDistribution, verifierFile } from "./release/distribution.ts";
import { sbomOf } from "./release/sbom.ts";

const usage = `usage: npm run release

Makes dist/release: the tarball of the command, the verifier, the functions' zips and the template (no policy is in them: \`reprieve package\`
puts one in), an SBOM and the licenses of what is bundled, the changelog of this version, and SHA256SUMS over all of it. Two runs make
the same bytes. Needs neither credentials nor network, and publishes nothing.`;

optionsOrUsage(usage, () => (process.argv.length === 2 ? {} : undefined));
const release = await makeRelease(await makeDistribution());
for (const name of readdirSync(release)) console.log(`${pc.green("✓")} ${relative(root, resolve(release, name))}`);

/** Writes the release of what `dist` holds, and returns its folder. */
async function makeRelease({ folder, name, version, metafiles }: Distribution): Promise<string> {
  const out = resolve(folder, "release");
  mkdirSync(out);
  pack(out, version);
  copyFileSync(resolve(folder, verifierFile), resolve(out, verifierFile));
  for (const file of readdirSync(resolve(folder, "stack")))
    if (file !== checksumsFile) copyFileSync(resolve(folder, "stack", file), resolve(out, file));
  const contents = Object.fromEntries(
    Object.entries(metafiles).map(([artifact, metafile]) => [artifact, bundledPackages(root, [metafile])]),
  );
  const changelog = changelogSection(readFileSync(resolve(root, "CHANGELOG.md"), "utf8"), version);
  const texts = {
    "sbom.cdx.json": `${JSON.stringify(sbomOf({ name, version }, contents), null, 2)}\n`,
    [licensesFile]: licensesText(bundledPackages(root, Object.values(metafiles))),
    "CHANGES.md": changelog,
  };
  for (const [file, text] of Object.entries(texts)) writeFileSync(resolve(out, file), text);
  const files = readdirSync(out).map((file) => [file, readFileSync(resolve(out, file))] as const);
  writeFileSync(resolve(out, checksumsFile), checksumsText(Object.fromEntries(files)));
  return out;
}

/** Packs without building again: what is in the zips and in the tarball is the same. */
function pack(out: string, version: string): void {
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", out];
  const printed = execFileSync("npm", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const [packed] = JSON.parse(printed) as { filename: string }[];
  if (packed === undefined) throw new Error("npm packed nothing");
  renameSync(resolve(out, packed.filename), resolve(out, `reprieve-${version}.tgz`));
}
