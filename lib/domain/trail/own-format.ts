/** What `text` is by its fields `format` and `version`: JSON that may be ours, or why it is not: of another tool, or of a newer version. */
export function ownFormat(
  text: string,
  format: string,
  version: number,
): { readonly value: unknown } | "foreign" | "newer" {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "foreign";
  }
  const { format: own, version: found } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (own !== format) return "foreign";
  return typeof found === "number" && found > version ? "newer" : { value };
}
