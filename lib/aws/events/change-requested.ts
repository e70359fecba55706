import * as v from "valibot";
import { keyArnParts } from "../../domain/key/key-arn.ts";
import type { ChangeName } from "../../domain/ledger/change-name.ts";
import { changeNameSchema, changeRequestedType, ownSource } from "./own-event.ts";

const eventSchema = v.object({
  source: v.literal(ownSource),
  "detail-type": v.literal(changeRequestedType),
  account: v.string(),
  region: v.string(),
  detail: v.object({ change: changeNameSchema }),
});

/** Returns the chain of changes about which a person of this very stack requested something, or undefined for anything else. It is a reason to look, no more. */
export function changeRequestIn(
  json: unknown,
  stack: { readonly account: string; readonly region: string },
): ChangeName | undefined {
  const parsed = v.safeParse(eventSchema, json);
  if (!parsed.success) return undefined;
  const { account, region, detail } = parsed.output;
  const { subject } = detail.change;
  const places = [{ account, region }, ...(subject.kind === "key" ? [keyArnParts(subject.keyArn)] : [])];
  const isOwn = places.every((place) => place.account === stack.account && place.region === stack.region);
  return isOwn ? detail.change : undefined;
}
