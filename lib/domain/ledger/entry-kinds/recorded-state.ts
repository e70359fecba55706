import * as v from "valibot";
import { optionalText, text } from "./members.ts";

/** A state before or after a change: as text where it is short, and its SHA-256. */
export const recordedState = v.strictObject({ sha256: text, text: optionalText });
