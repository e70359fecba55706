import type { PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";

/**
 * Adds `Key.MultiRegionKeyType` to the client's answers. The installed client drops the field, so it is read from the raw response; see
 * docs/aws-facts.md#the-installed-sdk-client-drops-newer-fields. A field that cannot be read leaves the rest of the answer as it is.
 */
export function keepMultiRegion(client: PaymentCryptographyClient): void {
  /** What was dropped, by the context of the call. */
  const dropped = new WeakMap<object, object>();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const response = result.response as { body?: unknown } | undefined;
      if (response === undefined) return result;
      const bytes = await bytesOf(response.body);
      // The deserializer takes bytes as well as the stream they came from.
      response.body = bytes;
      dropped.set(context, multiRegionIn(bytes));
      return result;
    },
    { step: "deserialize", priority: "low", name: "rawKey" },
  );
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const output = result.output as { Key?: object };
      if (output.Key !== undefined) output.Key = { ...output.Key, ...dropped.get(context) };
      return result;
    },
    { step: "initialize", name: "multiRegionKey" },
  );
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function multiRegionIn(bytes: Uint8Array): object {
  // Most keys have none, and parsing every answer twice is time on the way to a restore.
  if (!Buffer.from(bytes).includes("MultiRegionKeyType")) return {};
  try {
    const answer = JSON.parse(Buffer.from(bytes).toString("utf8")) as { Key?: { MultiRegionKeyType?: unknown } } | null;
    const MultiRegionKeyType = answer?.Key?.MultiRegionKeyType;
    return MultiRegionKeyType === undefined ? {} : { MultiRegionKeyType };
  } catch {
    return {};
  }
}
