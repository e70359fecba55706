import { dayMs } from "../../lib/domain/time.ts";
import type { ControlPlane } from "../aws/payment-cryptography/control-plane.ts";
import type { KeySpec } from "../aws/payment-cryptography/key-seed.ts";

/** Keys of a small card issuer, for the local world. */
function specs(now: number): readonly KeySpec[] {
  const prod = { Environment: "prod" };
  const test = { Environment: "test" };
  return [
    { keyId: "prodcvk100000001", alias: "alias/prod/cvk-1", tags: prod },
    { keyId: "prodcvk200000002", alias: "alias/prod/cvk-2", tags: prod },
    { keyId: "prodbin12345cvk0", alias: "alias/BIN_12345_CVK", tags: prod },
    {
      keyId: "prodpek100000001",
      alias: "alias/prod/pin-encryption",
      tags: prod,
      usage: "TR31_P0_PIN_ENCRYPTION_KEY",
      algorithm: "TDES_3KEY",
    },
    { keyId: "prodpvk100000001", alias: "alias/prod/pvk-1", tags: prod, usage: "TR31_V2_VISA_PIN_VERIFICATION_KEY" },
    { keyId: "prodbdk100000001", alias: "alias/prod/bdk-1", tags: prod, usage: "TR31_B0_BASE_DERIVATION_KEY" },
    { keyId: "retiredkey000001", alias: "alias/prod/retired", tags: prod, stoppedAt: now - 10 * dayMs },
    { keyId: "c0mpr0m1sedk3y00", alias: "alias/prod/compromised", tags: prod },
    { keyId: "testterminal0001", alias: "alias/test/terminal-1", tags: test },
    { keyId: "testterminal0002", alias: "alias/test/terminal-2", tags: test },
    { keyId: "testterminal0003", alias: "alias/test/terminal-3", tags: test },
  ];
}

export function seedKeys(controlPlane: ControlPlane, now: number): void {
  for (const spec of specs(now)) controlPlane.seed(spec);
}
