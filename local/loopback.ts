import { once } from "node:events";
import { createServer, type Server } from "node:http";

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
export async function listenOn(server: Server, port: number): Promise<string> {
  const listening = once(server, "listening");
  server.listen(port, "127.0.0.1");
  await listening.catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? new PortInUseError(`port ${port} is in use`) : error;
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : port}`;
}
