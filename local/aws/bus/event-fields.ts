/** A value that a pattern can look at: nothing that contains others. */
export type Scalar = string | number | boolean | null;

/** The index of the element that a field is in, by array. */
export type Membership = ReadonlyMap<object, number>;

/** A value of an event, and the array elements that it lies in. */
export interface Field {
  readonly value: Scalar;
  readonly membership: Membership;
}

/** The values of an event by the path of their names, joined with dots. Empty lists and objects leave none. */
export type EventFields = ReadonlyMap<string, readonly Field[]>;

/** Returns the values of an event as EventBridge looks at them: elements of nested lists as if they were in one. */
export function fieldsOf(event: unknown): EventFields {
  const fields = new Map<string, Field[]>();
  collect(fields, event, "", new Map());
  return fields;
}

function collect(fields: Map<string, Field[]>, value: unknown, path: string, membership: Membership): void {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries())
      collect(fields, element, path, new Map([...membership, [value, index]]));
  } else if (typeof value === "object" && value !== null) {
    for (const [name, inner] of Object.entries(value))
      collect(fields, inner, path === "" ? name : `${path}.${name}`, membership);
  } else {
    const there = fields.get(path) ?? [];
    there.push({ value: value as Scalar, membership });
    fields.set(path, there);
  }
}

/** Returns both memberships as one, or undefined if they name two elements of the same array. */
export function joined(one: Membership, other: Membership): Membership | undefined {
  for (const [array, index] of other) if ((one.get(array) ?? index) !== index) return undefined;
  return new Map([...one, ...other]);
}
