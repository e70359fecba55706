import type { Decision } from "../policy/decision.ts";
import { jsonBytes, wellFormed } from "../well-formed.ts";

/** The rules before the deciding one, as an entry records them. */
export interface RecordedPassedOver {
  readonly passedOver: Decision["passedOver"];
  /** How many more were passed over; a policy may have thousands. */
  readonly morePassedOver?: number;
}

const maxListed = 50;
const maxBytes = 2_048;
const maxConditionBytes = 256;
/** What JSON needs around each: `{"failed":"","rule":""},`. */
const frameBytes = 24;

/** Returns the first rules that were passed over, as many as fit, and the number of the others. */
export function recordedPassedOver(passedOver: Decision["passedOver"]): RecordedPassedOver {
  const listed: Decision["passedOver"][number][] = [];
  let bytes = 0;
  for (const { rule, failed } of passedOver.slice(0, maxListed)) {
    const short = { rule, failed: wellFormed(failed, maxConditionBytes) };
    bytes += jsonBytes(rule) + jsonBytes(short.failed) + frameBytes;
    if (bytes > maxBytes) break;
    listed.push(short);
  }
  const more = passedOver.length - listed.length;
  return { passedOver: listed, ...(more > 0 && { morePassedOver: more }) };
}
