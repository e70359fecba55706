import { join } from "node:path";
import { createColors } from "picocolors";
import type { PolicyDocument } from "../../lib/domain/policy/schema.ts";
import { checksumsFile, checksumsText, sha256Of } from "../../lib/release/checksums.ts";
import { policyFiles, policyTextFile } from "../../lib/release/policy-files.ts";
import { chosenTemplate } from "../../lib/release/released-template.ts";
import { filesIn, zipOf } from "../../lib/release/zip.ts";
import { faultLine, readPolicy } from "../policy/policy-file.ts";
import type { PackageContext, PackageOptions } from "./package-options.ts";
import { type ReleasedStack, readReleasedStack } from "./released-stack.ts";
import { type Files, namedByContent, refuseExisting, writeFolder } from "./write-folder.ts";

/** Writes zips and template with the policy in them into a new folder; returns 1 for a policy with errors. Throws an InputError. */
export async function packaging(options: PackageOptions, context: PackageContext): Promise<0 | 1> {
  const { policy: file, out, release = context.releaseFolder } = options;
  refuseExisting(out);
  const read = await readPolicy(file);
  const { red } = createColors(context.colours);
  if (!read.ok) {
    if (options.json) context.print(JSON.stringify({ ok: false, policy: file, errors: read.faults }));
    else for (const fault of read.faults) context.printError(`${red("✗")} ${faultLine(file, fault)}`);
    return 1;
  }
  const files = packagedFiles(await readReleasedStack(release), read.document, options.stage);
  await writeFolder(out, files);
  report(options, read.document, Object.keys(files), context);
  return 0;
}

/** Returns the files to deploy. A zip is named by its content: new code or another policy is a change that CloudFormation sees. */
function packagedFiles({ template, zips }: ReleasedStack, policy: PolicyDocument, stage: string): Files {
  const added = policyFiles(policy);
  const bytes = Object.fromEntries(Object.entries(added).map(([name, text]) => [name, Buffer.from(text)]));
  const made = [...zips].map(([zip, released]) => {
    const content = zipOf({ ...filesIn(released), ...bytes });
    return { zip, content, name: namedByContent(zip, content) };
  });
  const keys = new Map(made.map(({ zip, name }) => [zip, `reprieve/${name}`]));
  const choices = { stage, policyMode: policy.mode, policyHash: sha256Of(added[policyTextFile] ?? "") };
  const files = {
    ...Object.fromEntries(made.map(({ name, content }) => [name, content])),
    "template.json": chosenTemplate(template, choices, keys),
  };
  return { ...files, [checksumsFile]: checksumsText(files) };
}

function report(
  { policy: file, stage, out, json }: PackageOptions,
  policy: PolicyDocument,
  names: readonly string[],
  context: PackageContext,
): void {
  const { green, yellow, dim } = createColors(context.colours);
  const policyHash = sha256Of(policyFiles(policy)[policyTextFile] ?? "");
  if (json) {
    context.print(JSON.stringify({ ok: true, policy: file, policyHash, mode: policy.mode, stage, out, files: names }));
    return;
  }
  context.print(`${green("✓")} ${out}: ${names.length} files for stage ${stage}, with ${file} (${policy.mode}s)`);
  context.print(`${dim("  policy")} ${policyHash}`);
  if (policy.mode === "observe")
    context.print(`${yellow("!")} the policy observes: deleted keys are NOT restored until it says \`mode: enforce\``);
  context.print(`
Next, with credentials of the account, and a bucket BUCKET of yours in the Region of the stack:
  aws s3 cp ${out} s3://BUCKET/reprieve/ --recursive --exclude '*' --include '*.zip'
  aws cloudformation deploy --stack-name reprieve-${stage} --template-file ${join(out, "template.json")} --s3-bucket BUCKET \\
    --capabilities CAPABILITY_NAMED_IAM --parameter-overrides CodeBucket=BUCKET AlarmMail=... AuditLockMode=GOVERNANCE TableProtection=off
Once that has succeeded, the same again with TableProtection=on: from then on the table of cases refuses its deletion.`);
}
