/** A request to a service as it arrives, over HTTP or in process; its body comes beside it. */
export interface ServiceRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface ServiceResponse {
  readonly status: number;
  /** JSON, or text of another type. */
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns the header's value; undefined for one that is absent or repeated. */
export function headerOf({ headers }: ServiceRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

/** Returns a JSON object, or undefined for anything else. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
