import type { Readable } from "node:stream";

interface Handler {
  handle(...args: unknown[]): Promise<{ readonly response: { readonly body?: unknown } }>;
}

/** What the SDK's extensions give of a client. */
interface HandlerConfiguration {
  httpHandler(): Handler;
  setHttpHandler(handler: Handler): void;
}

/** How long (ms) the body of an answer may take after its headers. */
const bodyMs = 2_500;

/**
 * An extension of an SDK client that ends answers whose body stalls: the SDK's own timeouts end with the headers, and the function would wait until
 * Lambda ends it, before it has done anything. The error is a TimeoutError, which the SDK retries.
 */
export const wholeAnswers = {
  configure(configuration: HandlerConfiguration): void {
    const inner = configuration.httpHandler();
    const handle: Handler["handle"] = async (...args) => {
      const output = await inner.handle(...args);
      endInTime(output.response.body);
      return output;
    };
    configuration.setHttpHandler(Object.assign(Object.create(inner), { handle }));
  },
};

function endInTime(body: unknown): void {
  if (!isStream(body)) return;
  const late = Object.assign(new Error("the answer did not end in time"), { name: "TimeoutError" });
  const timer = setTimeout(() => body.destroy(late), bodyMs);
  // A body that nobody reads must not end the process.
  body.on("error", () => {});
  body.once("close", () => clearTimeout(timer));
}

function isStream(body: unknown): body is Readable {
  return typeof body === "object" && body !== null && "destroy" in body && "once" in body;
}
