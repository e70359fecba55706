import * as v from "valibot";

/** Returns the value of a line of JSON that has the form of `schema`; undefined for any other text. */
export function parsedLine<Schema extends v.GenericSchema>(
  schema: Schema,
  line: string,
): v.InferOutput<Schema> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(line));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
