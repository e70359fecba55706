import type { Credentials } from "./credentials.ts";

/** How the AWS clients of one place call: as whom, where, and until when. */
export interface Access {
  /** The account of the credentials, as STS named it. */
  readonly account: string;
  readonly credentials: Credentials;
  /** An AWS emulator instead of AWS. */
  readonly endpointUrl?: string;
  /** Ends every call, also one that is waiting for its answer. */
  readonly signal: AbortSignal;
  /** Is called for every answer of AWS. */
  readonly alive: () => void;
}

/** The HTTP handler of an AWS client, as far as it is used here. Each client has its own types of requests and options. */
interface Handler {
  readonly metadata?: unknown;
  handle(request: unknown, options?: object): Promise<unknown>;
  destroy?(): void;
  updateHttpClientConfig(key: unknown, value: unknown): void;
  httpHandlerConfigs(): unknown;
}

interface Handled {
  httpHandler(): unknown;
  setHttpHandler(handler: unknown): void;
}

/** Returns an extension for an AWS client: `signal` ends its calls, and each answer is reported to `alive`. */
export function boundTo({ signal, alive }: Pick<Access, "signal" | "alive">) {
  return {
    configure(client: Handled): void {
      const inner = client.httpHandler() as Handler;
      const handler: Handler = {
        metadata: inner.metadata,
        destroy: () => inner.destroy?.(),
        updateHttpClientConfig: (key, value) => inner.updateHttpClientConfig(key, value),
        httpHandlerConfigs: () => inner.httpHandlerConfigs(),
        handle: async (request, options = {}) => {
          signal.throwIfAborted();
          const answer: unknown = await inner.handle(request, { ...options, abortSignal: signal });
          alive();
          return answer;
        },
      };
      client.setHttpHandler(handler);
    },
  };
}
