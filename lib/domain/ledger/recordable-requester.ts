import type { Requester } from "../people/requester.ts";
import { canonicalJson } from "./canonical-json.ts";

/** Twice what IAM and STS allow in names, paths and sessions together; also less than the 2,048 bytes of a key of the table. */
const maxBytes = 1_536;

/**
 * Returns `requester` where it fits on record; a longer one is nobody that AWS can have named, and so unknown. It is never cut: a part
 * of an ARN is the ARN of someone else.
 */
export function recordableRequester(requester: Requester): Requester {
  return Buffer.byteLength(canonicalJson(requester)) <= maxBytes ? requester : { kind: "unknown" };
}
