import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { root } from "./bundle.ts";

/** The dependencies that the package installs: none, because everything is bundled. */
const dependencyFields = ["dependencies", "optionalDependencies", "peerDependencies", "bundleDependencies"] as const;

// `dist` is made by `npm pack` and is not looked at: test/interop/install.ts installs what is packed.
const { messages, pkg } = await publint({ pkgDir: root, pack: false, strict: true });
const findings = messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
const manifest = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as Record<string, unknown>;
for (const field of dependencyFields)
  if (manifest[field] !== undefined) findings.push(`${field} would be installed with the package: bundle them instead`);
if (manifest["private"] !== true) findings.push("the package is not private: `npm publish` would publish it");
for (const finding of findings) console.error(`✗ package.json: ${finding}`);
if (findings.length > 0) process.exitCode = 1;
