import type { Operations } from "../../../lib/aws/payment-cryptography/api.ts";
import { validationError } from "./api-error.ts";
import { modelOf, type OperationName, type Shape, shapes } from "./service-model.ts";

/** Returns `body` as the input of `operation`. Throws a ValidationException that lists every fault when AWS's model would not accept it. */
export function validateRequest<Name extends OperationName>(operation: Name, body: unknown): Operations[Name]["input"] {
  const faults = faultsOf(modelOf(operation).input, body, "");
  if (faults.length > 0)
    throw validationError(
      `${faults.length} validation error${faults.length === 1 ? "" : "s"} detected: ${faults.slice(0, 10).join("; ")}`,
    );
  return withoutNulls(body) as Operations[Name]["input"];
}

/** A member that is null is absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === null ? [] : [[name, withoutNulls(inner)]])),
  );
}

/** Returns what is wrong with an answer, by the model: empty for one that AWS could have given. */
export function answerFaults(operation: OperationName, answer: unknown): readonly string[] {
  return faultsOf(modelOf(operation).output, answer, "");
}

function faultsOf(shapeName: string, value: unknown, path: string): string[] {
  const shape = shapes[shapeName];
  switch (shape?.type) {
    case "structure":
      return structureFaults(shape, value, path);
    case "list":
      return listFaults(shape, value, path);
    case "map":
      return mapFaults(shape, value, path);
    case "string":
      return typeof value === "string" ? stringFaults(shape, value, path) : [wrongType(path, "a string")];
    case "integer":
      return Number.isInteger(value)
        ? rangeFaults(shape, Number(value), String(value), path)
        : [wrongType(path, "an integer")];
    case "boolean":
      return typeof value === "boolean" ? [] : [wrongType(path, "a boolean")];
    case "timestamp":
      return Number.isFinite(value) ? [] : [wrongType(path, "a number of seconds")];
    default:
      throw new Error(`the model has no shape \`${shapeName}\` of a known type`);
  }
}

function structureFaults({ members = {}, required = [], union }: Shape, value: unknown, path: string): string[] {
  const fields = objectIn(value);
  if (fields === undefined) return [wrongType(path, "an object")];
  const given = Object.keys(fields).filter((name) => fields[name] !== null);
  const missing = required
    .filter((name) => !given.includes(name))
    .map((name) => `Value null at '${at(path, name)}' failed to satisfy constraint: Member must not be null`);
  // AWS ignores a member that it does not know. Here it is refused: nothing that a caller asks for is dropped in silence.
  const unknown = given
    .filter((name) => !Object.hasOwn(members, name))
    .map((name) => `'${at(path, name)}' is not a member that this control plane knows`);
  const faults = given.flatMap((name) => {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    return member === undefined ? [] : faultsOf(member.shape, fields[name], at(path, name));
  });
  const oneOf =
    union === true && given.length !== 1
      ? [`'${path}' must hold exactly one of [${Object.keys(members).join(", ")}]`]
      : [];
  return [...missing, ...unknown, ...oneOf, ...faults];
}

function listFaults(shape: Shape, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return [wrongType(path, "a list")];
  const items = value.flatMap((item, n) => faultsOf(shape.member?.shape ?? "", item, `${path}.${n + 1}.member`));
  return [...rangeFaults(shape, value.length, "list", path, "length"), ...items];
}

function mapFaults(shape: Shape, value: unknown, path: string): string[] {
  const fields = objectIn(value);
  if (fields === undefined) return [wrongType(path, "an object")];
  return Object.entries(fields).flatMap(([key, item]) => [
    ...faultsOf(shape.key?.shape ?? "", key, `${path}.key`),
    ...faultsOf(shape.value?.shape ?? "", item, `${path}.${key}`),
  ]);
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function stringFaults(shape: Shape, value: string, path: string): string[] {
  const shown = shape.sensitive === true ? undefined : value;
  const faults = rangeFaults(shape, value.length, shown, path, "length");
  if (shape.enum !== undefined && !shape.enum.includes(value))
    faults.push(`${failed(shown, path)} Member must satisfy enum value set: [${shape.enum.join(", ")}]`);
  if (shape.pattern !== undefined && !patternOf(shape.pattern).test(value))
    faults.push(`${failed(shown, path)} Member must satisfy regular expression pattern: ${shape.pattern}`);
  return faults;
}

const patterns = new Map<string, RegExp>();

/** The model's patterns are Java's: a possessive `{2}+` is `{2}` here. */
function patternOf(text: string): RegExp {
  const pattern = patterns.get(text) ?? new RegExp(`^(?:${text.replaceAll("}+", "}")})$`);
  patterns.set(text, pattern);
  return pattern;
}

function rangeFaults(
  { min, max }: Shape,
  size: number,
  value: string | undefined,
  path: string,
  quantity = "value",
): string[] {
  if (min !== undefined && size < min)
    return [`${failed(value, path)} Member must have ${quantity} greater than or equal to ${min}`];
  if (max !== undefined && size > max)
    return [`${failed(value, path)} Member must have ${quantity} less than or equal to ${max}`];
  return [];
}

/** The start of AWS's message; a sensitive value is not repeated. */
function failed(value: string | undefined, path: string): string {
  const shown = value === undefined ? "Value" : `Value '${value.slice(0, 350)}'`;
  return `${shown} at '${path}' failed to satisfy constraint:`;
}

function wrongType(path: string, expected: string): string {
  return `Value at '${path}' failed to satisfy constraint: Member must be ${expected}`;
}

/** AWS names fields in its messages in lower camel case. */
function at(path: string, name: string): string {
  const field = name.charAt(0).toLowerCase() + name.slice(1);
  return path === "" ? field : `${path}.${field}`;
}
