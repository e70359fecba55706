/** An attribute value in DynamoDB's JSON. */
export interface Value {
  readonly S?: string;
  readonly N?: string;
  readonly L?: readonly Value[];
  readonly M?: Readonly<Record<string, Value>>;
  readonly SS?: readonly string[];
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
}
export type Item = Readonly<Record<string, Value>>;

/** Returns the size of an item (bytes) as DynamoDB counts it: UTF-8 bytes of names and values. */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes({ S, N, SS, L, M }: Value): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (SS !== undefined) return SS.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
  if (L !== undefined) return L.reduce((sum, each) => sum + valueBytes(each) + 1, 3);
  if (M !== undefined) return itemBytes(M) + Object.keys(M).length + 3;
  return 1;
}

/** Compares two values of the same type; undefined where they cannot be compared. */
export function compareValues(a: Value | undefined, b: Value | undefined): number | undefined {
  if (a?.N !== undefined && b?.N !== undefined) return Number(a.N) - Number(b.N);
  if (a?.S !== undefined && b?.S !== undefined) return a.S < b.S ? -1 : Number(a.S > b.S);
  return undefined;
}
