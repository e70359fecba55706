import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** The port is taken. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";
}

/** Throws a PortInUseError for a port that cannot be listened on now: to say so before there is anything to wait for. */
export async function requireFree(port: number): Promise<void> {
  const probe = createServer();
  await listenOn(probe, port);
  await new Promise((closed) => probe.close(closed));
}

/** Listens on 127.0.0.1 and answers the URL; 0 takes any free port. Throws a PortInUseError. */
async function listenOn(server: Server, port: number): Promise<string> {
  const listening = once(server, "listening");
  server.listen(port, "127.0.0.1");
  await listening.catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? new PortInUseError(`port ${port} is in use`) : error;
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : port}`;
}

type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** An HTTP server on 127.0.0.1. */
export interface LoopbackServer {
  /** Answers the URL; 0 takes any free port. Throws a PortInUseError. */
  listen(port: number): Promise<string>;
  close(): Promise<void>;
}

/** A server that answers by `route`; `failed` answers where that throws before it has. */
export function createLoopbackServer(
  route: Route,
  failed: (response: ServerResponse, error: unknown) => void,
): LoopbackServer {
  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      if (!response.headersSent) failed(response, error);
    });
  });
  server.keepAliveTimeout = 60_000;
  return {
    listen: async (port) => await listenOn(server, port),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
