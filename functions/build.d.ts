/** Made by the bundler: see scripts/bundle.ts. */
declare module "reprieve:build" {
  /** The policy as it was checked, defaults filled in. */
  export const policyDocument: import("../lib/domain/policy-schema.ts").PolicyDocument;
  /** SHA-256 of the document's canonical JSON. */
  export const policyHash: string;
  /** Version of this package. */
  export const guardVersion: string;
}
