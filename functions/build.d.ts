/** Made by the bundler: see scripts/bundle.ts. */
declare module "reprieve:build" {
  /** The policy as it was checked, defaults filled in: its canonical JSON. Empty in a released zip, which holds no policy yet. */
  export const policyText: string;
  /** SHA-256 of that text, as its build stated it. */
  export const policyHash: string;
  /** Version of this package. */
  export const guardVersion: string;
}
