import type { Operations } from "../../../lib/aws/payment-cryptography/api.ts";
import type { PlaneState } from "./plane-state.ts";
import type { OperationName } from "./service-model.ts";

/** Carries out one operation; the request has been validated, and the caller may make it. */
export type Operation<Name extends OperationName> = (state: PlaneState, request: Operations[Name]["input"]) => object;

/** Some operations, by name. */
export type OperationTable<Names extends OperationName> = { readonly [Name in Names]: Operation<Name> };
