import { setFlagsFromString } from "node:v8";

/**
 * For work that reads very much and keeps nearly nothing: the young generation of the heap stays as small as it is at first. It would grow with
 * the amount of garbage, to no avail, by some 50 MB (measured: bench/verify.ts).
 */
export function keepMemorySteady(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
