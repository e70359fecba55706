import type { Promised } from "./promise.ts";

/** What one person asks for once is on record once, also where the answer of a write was lost: every write recognises itself. */
export const askedOnce: Promised = ({ plan, permitsRequested }) => {
  const asked = plan.acts.filter(
    (act) => (act.do === "permit" || act.do === "permit-change") && act.step === "request",
  ).length;
  return permitsRequested > asked ? [`TWICE: ${permitsRequested} permits were requested by ${asked} requests`] : [];
};
