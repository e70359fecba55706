import { join } from "node:path";
import { createColors } from "picocolors";
import { verifierKeyText } from "../../lib/domain/log/verifier-key.ts";
import { checksumsFile, checksumsText } from "../../lib/release/checksums.ts";
import { witnessTemplate, witnessTemplateFile, witnessZipFile } from "../../lib/release/released-witness.ts";
import type { PackageContext } from "../package/package-options.ts";
import { readReleased } from "../package/released-stack.ts";
import { namedByContent, refuseExisting, writeFolder } from "../package/write-folder.ts";
import { publicKeyIn } from "../trail/expected-keys.ts";

export interface WitnessPackageOptions {
  readonly out: string;
  readonly release?: string;
  readonly json?: true;
}

/** Writes the witness's zip and template into a new folder. Throws an InputError. */
export async function packageWitness(options: WitnessPackageOptions, context: PackageContext): Promise<0> {
  const { out, release = context.releaseFolder } = options;
  refuseExisting(out);
  const [zip, template] = await readReleased(release, [witnessZipFile, witnessTemplateFile]);
  const name = namedByContent(witnessZipFile, zip);
  const text = witnessTemplate(Buffer.from(template).toString("utf8"), name);
  const files = { [name]: zip, "template.yml": text };
  await writeFolder(out, { ...files, [checksumsFile]: checksumsText(files) });
  if (options.json) context.print(JSON.stringify({ ok: true, out, files: [...Object.keys(files), checksumsFile] }));
  else report(out, name, context);
  return 0;
}

/** Returns the verifier key of the witness `name`, whose public key is in `file`. Throws an InputError. */
export async function witnessKeyText(file: string, name: string): Promise<string> {
  return verifierKeyText(await publicKeyIn(file, name, "cosignature"));
}

function report(out: string, zipName: string, context: PackageContext): void {
  const { green } = createColors(context.colours);
  context.print(`${green("✓")} ${out}: ${zipName} and template.yml

Next, with credentials of the OTHER account, and a bucket BUCKET of yours there, in the Region of the witness:
  aws s3 cp ${join(out, zipName)} s3://BUCKET/reprieve/
  aws cloudformation deploy --stack-name payments-prod --template-file ${join(out, "template.yml")} --capabilities CAPABILITY_IAM \\
    --parameter-overrides CodeBucket=BUCKET WitnessName=... LogKeys=... SweepRoleArn=... AlarmMail=...`);
}
