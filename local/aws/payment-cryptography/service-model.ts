import type { Operations } from "../../../lib/aws/payment-cryptography/api.ts";
import model from "./service-model.json" with { type: "json" };

export type OperationName = keyof Operations;

/** A shape of AWS's API model. */
export interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly required?: readonly string[];
  readonly union?: boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly sensitive?: boolean;
}

interface OperationModel {
  readonly input: string;
  readonly output: string;
  readonly errors: readonly string[];
}

export const shapes = model.shapes as Readonly<Record<string, Shape>>;
const operations: Readonly<Record<string, OperationModel>> = model.operations;

export const operationNames = Object.keys(operations) as readonly OperationName[];

export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}

export function modelOf(operation: OperationName): OperationModel {
  const found = operations[operation];
  if (found === undefined) throw new Error(`the model has no operation \`${operation}\``);
  return found;
}
