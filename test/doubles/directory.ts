import type { Directory } from "../../lib/domain/people/directory.ts";
import { everybody, policyWith } from "./guard.ts";

/** Who is who, as `everybody` says; `people` replaces any of them. */
export function directoryOf(people: object = {}): Directory {
  return policyWith([], { people: { ...everybody, ...people } }).directory;
}
