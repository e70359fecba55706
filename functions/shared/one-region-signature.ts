import { SignatureV4 } from "@smithy/signature-v4";

/**
 * Stands in the bundles for `@aws-sdk/signature-v4-multi-region`: 4 KB by which clients sign for several Regions at once, and for directory
 * buckets. Ours sign for the stack's own Region, and the bucket is an ordinary one; the SDK's class signs such a request as this one does.
 */
export class SignatureV4MultiRegion extends SignatureV4 {
  static sigv4aDependency(): "none" {
    return "none";
  }
}
