import { readFileSync } from "node:fs";
import type { BundledPackage } from "./bundled-packages.ts";

/** Lies beside every bundle. */
export const licensesFile = "THIRD-PARTY-LICENSES";

/** Returns the licenses of bundled packages, each text once, under the packages that it is for. */
export function licensesText(packages: readonly BundledPackage[]): string {
  const byText = new Map<string, string[]>();
  for (const { name, version, license, licenseText } of packages) {
    const text = licenseText ?? standardText(license);
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const rule = "-".repeat(80);
  const parts = [...byText].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`);
  return `This bundle contains code of these packages, each under its own license.\n\n${parts.join(`\n${rule}\n\n`)}`;
}

const permission = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so`;
const warranty = `THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Returns the text of a license, for a package that states one and ships no text. Throws a TypeError for a license not seen before. */
function standardText(license: string): string {
  switch (license) {
    case "Apache-2.0":
      return readFileSync(new URL("../../LICENSE", import.meta.url), "utf8").trim();
    case "MIT":
      return `MIT License\n\n${permission}, subject to the following conditions:\n\nThe above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.\n\n${warranty}`;
    case "MIT-0":
      return `MIT No Attribution\n\n${permission}.\n\n${warranty}`;
    default:
      throw new TypeError(`a bundled package is under ${license} and ships no license text: add it here`);
  }
}
