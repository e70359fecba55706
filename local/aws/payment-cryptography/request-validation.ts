import { validationError } from "./api-error.ts";
import model from "./service-model.json" with { type: "json" };

interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}

const shapes = model.shapes as Readonly<Record<string, Shape>>;
const inputs: Readonly<Record<string, string>> = model.inputs;

export function isOperation(name: string): boolean {
  return Object.hasOwn(inputs, name);
}

/** `body` as the input of `operation`; a ValidationException that lists every fault when AWS's model would not accept it. */
export function validateRequest(operation: string, body: unknown): Readonly<Record<string, unknown>> {
  const faults = faultsOf(inputs[operation] ?? "", body, "");
  if (faults.length > 0)
    throw validationError(
      `${faults.length} validation error${faults.length === 1 ? "" : "s"} detected: ${faults.slice(0, 10).join("; ")}`,
    );
  return body as Readonly<Record<string, unknown>>;
}

function faultsOf(shapeName: string, value: unknown, path: string): string[] {
  const shape = shapes[shapeName];
  switch (shape?.type) {
    case "structure":
      return structureFaults(shape, value, path);
    case "list":
      return listFaults(shape, value, path);
    case "string":
      return typeof value === "string" ? stringFaults(shape, value, path) : [wrongType(path, "a string")];
    case "integer":
      return Number.isInteger(value)
        ? rangeFaults(shape, Number(value), String(value), path)
        : [wrongType(path, "an integer")];
    case "boolean":
      return typeof value === "boolean" ? [] : [wrongType(path, "a boolean")];
    default:
      return [];
  }
}

function structureFaults({ members = {}, required = [] }: Shape, value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [wrongType(path, "an object")];
  const fields = value as Readonly<Record<string, unknown>>;
  const missing = required
    .filter((name) => fields[name] === undefined || fields[name] === null)
    .map((name) => `Value null at '${at(path, name)}' failed to satisfy constraint: Member must not be null`);
  const faults = Object.entries(members).flatMap(([name, member]) =>
    fields[name] === undefined || fields[name] === null ? [] : faultsOf(member.shape, fields[name], at(path, name)),
  );
  return [...missing, ...faults];
}

function listFaults(shape: Shape, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [wrongType(path, "a list")];
  const items = value.flatMap((item, n) => faultsOf(shape.member?.shape ?? "", item, `${path}.${n + 1}.member`));
  return [...rangeFaults(shape, value.length, "list", path, "length "), ...items];
}

function stringFaults(shape: Shape, value: string, path: string): string[] {
  const faults = rangeFaults(shape, value.length, value, path, "length ");
  if (shape.enum !== undefined && !shape.enum.includes(value))
    faults.push(`${failed(value, path)} Member must satisfy enum value set: [${shape.enum.join(", ")}]`);
  if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`).test(value))
    faults.push(`${failed(value, path)} Member must satisfy regular expression pattern: ${shape.pattern}`);
  return faults;
}

function rangeFaults({ min, max }: Shape, size: number, value: string, path: string, quantity = ""): string[] {
  if (min !== undefined && size < min)
    return [`${failed(value, path)} Member must have ${quantity}value greater than or equal to ${min}`];
  if (max !== undefined && size > max)
    return [`${failed(value, path)} Member must have ${quantity}value less than or equal to ${max}`];
  return [];
}

function failed(value: string, path: string): string {
  return `Value '${value.slice(0, 350)}' at '${path}' failed to satisfy constraint:`;
}

function wrongType(path: string, expected: string): string {
  return `Value at '${path}' failed to satisfy constraint: Member must be ${expected}`;
}

/** AWS names fields in its messages in lower camel case. */
function at(path: string, name: string): string {
  const field = name.charAt(0).toLowerCase() + name.slice(1);
  return path === "" ? field : `${path}.${field}`;
}
