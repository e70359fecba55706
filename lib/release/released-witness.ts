/** The witness as a release holds it, beside the stack. */
export const witnessZipFile = "witness.zip";
export const witnessTemplateFile = "witness-template.yml";

/** Where the template of a release expects the zip, in the bucket that is named when it is deployed. */
const releasedKey = `reprieve/${witnessZipFile}`;

/** Returns the template with the zip's own name in it. Throws for a template that names no zip. */
export function witnessTemplate(released: string, zipName: string): string {
  if (!released.includes(`Default: ${releasedKey}\n`)) throw new Error(`the template does not name ${releasedKey}`);
  return released.replace(`Default: ${releasedKey}\n`, `Default: reprieve/${zipName}\n`);
}
