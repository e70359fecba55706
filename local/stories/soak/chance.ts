import { createHash } from "node:crypto";

/** A number in [0, 1) that depends on nothing but `seed` and what it is drawn for: the same run again draws the same. */
export function chance(seed: number, ...purpose: readonly (string | number)[]): number {
  const digest = createHash("sha256")
    .update(JSON.stringify([seed, ...purpose]))
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

/** One of `options`, each as likely as its weight. Throws a RangeError when there is none. */
export function pick<Option>(drawn: number, options: readonly (readonly [Option, number])[]): Option {
  const whole = options.reduce((sum, [, weight]) => sum + weight, 0);
  let left = drawn * whole;
  for (const [option, weight] of options) {
    left -= weight;
    if (left < 0) return option;
  }
  throw new RangeError("nothing to pick from");
}
