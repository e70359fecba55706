import { PlaceError } from "../shell/input-error.ts";
import type { Bounds, PlacesContext } from "./places-context.ts";

/**
 * Returns the result of `work`, or throws a PlaceError once nothing came from it for `ms`: no answer of AWS, and no progress. A large export
 * may take an hour; a place that hangs holds up the others for this long only. What was begun is ended by the signal.
 */
export async function withinBound<Result>(
  ms: number,
  timer: PlacesContext["timer"],
  work: (bounds: Bounds) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const { signal } = controller;
  const hung = Promise.withResolvers<never>();
  const ring = () => {
    const error = new PlaceError("Timeout", `no answer within ${ms / 1000} s`);
    hung.reject(error);
    controller.abort(error);
  };
  let stop = timer(ms, ring);
  const alive = () => {
    if (signal.aborted) return;
    stop();
    stop = timer(ms, ring);
  };
  try {
    return await Promise.race([work({ signal, alive }), hung.promise]);
  } finally {
    stop();
    // Where one of several calls failed, the others go on, and would keep the place alive.
    controller.abort();
  }
}
