import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pc from "picocolors";
import { printableText } from "../lib/domain/printable-text.ts";
import { minuteMs } from "../lib/domain/time.ts";
import { bundleWithoutPolicy, root } from "./bundle.ts";
import { bundleCommand } from "./bundle-command.ts";
import { bundledPackages } from "./release/bundled-packages.ts";
import { shippedVulnerabilities } from "./release/shipped-vulnerabilities.ts";

/** Where there is no network, npm tries for long (ms). */
const timeoutMs = minuteMs;

/** Known vulnerabilities of what is shipped, and signatures of all that is installed, where the registry answers to either. */
const questions = [
  {
    subject: "vulnerabilities",
    args: ["audit", "--json"],
    unanswered: /audit endpoint|"statusCode": [45]|ENOTFOUND|EAI_AGAIN/,
  },
  {
    subject: "signatures",
    args: ["audit", "signatures", "--json"],
    unanswered: /"statusCode": [45]|ENOTFOUND|EAI_AGAIN/,
  },
] as const;

for (const { subject, args, unanswered } of questions) {
  const { ok, output } = await npm(args);
  const found = subject === "vulnerabilities" && !ok ? shippedVulnerabilities(output, await shippedNames()) : undefined;
  if (ok || found?.length === 0) console.log(`${pc.green("✓")} ${subject}: nothing found`);
  else if (unanswered.test(output))
    console.log(pc.yellow(`! ${subject}: LEFT OUT, no audit service answers on this machine`));
  else {
    console.error(`${pc.red("✗")} ${subject}:\n${found?.join("\n") ?? printableText(output, 4_000)}`);
    process.exitCode = 1;
  }
}

/** Returns the names of the packages in the bundles: the verifier's are all among the command's. */
async function shippedNames(): Promise<ReadonlySet<string>> {
  const folder = mkdtempSync(join(tmpdir(), "reprieve-audit-"));
  try {
    const functions = Object.values(await bundleWithoutPolicy(folder)).map(({ metafile }) => metafile);
    const packages = bundledPackages(root, [...functions, await bundleCommand(folder)]);
    return new Set(packages.map(({ name }) => name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function npm(args: readonly string[]): Promise<{ readonly ok: boolean; readonly output: string }> {
  try {
    const { stdout } = await promisify(execFile)("npm", [...args, "--fetch-retries=0"], { timeout: timeoutMs });
    return { ok: true, output: stdout };
  } catch (error) {
    const { stdout = "", stderr = "", killed } = error as { stdout?: string; stderr?: string; killed?: boolean };
    if (killed === true) return { ok: false, output: "ENOTFOUND: it did not answer" };
    // A report of vulnerabilities is one on stdout; what npm could not do stands in both.
    const report = stdout.includes('"auditReportVersion"') || stdout.includes('"invalid"');
    return { ok: false, output: report ? stdout : `${stdout}${stderr}` };
  }
}
