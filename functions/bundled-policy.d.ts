/** Made by the bundler from the policy file: see scripts/bundle.ts. */
declare module "reprieve:policy" {
  export const policyDocument: unknown;
  /** SHA-256 of the document's canonical JSON. */
  export const policyHash: string;
}
