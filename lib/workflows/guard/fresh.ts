import type { DeletionRequest } from "../../domain/deletion/request.ts";
import { hourMs } from "../../domain/time.ts";

/** How old (ms) a deletion may be for the guard to act on it without having read its records. */
const freshForMs = hourMs;

/** Returns whether the guard may act on `request` without having read its records. */
export function isFresh(request: DeletionRequest, now: number): boolean {
  return now - request.at <= freshForMs;
}
