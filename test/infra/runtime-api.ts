import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Lambda's Runtime API for one function, and the clean process that serves it. */
export interface RunningZip {
  /** One invocation. Rejects with what the function failed with, also when it could not even start. */
  invoke(event: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts the unpacked zip in `taskRoot` with `environment`, and nothing else of this process. */
export async function runZip(
  taskRoot: string,
  handler: string,
  environment: Readonly<Record<string, string>>,
): Promise<RunningZip> {
  const waiting: ServerResponse[] = [];
  const events: string[] = [];
  const settled: { resolve: (answer: unknown) => void; reject: (error: Error) => void }[] = [];
  const hand = () => {
    const response = events.length > 0 ? waiting.shift() : undefined;
    if (response === undefined) return;
    response.writeHead(200, {
      "lambda-runtime-aws-request-id": "11111111-1111-4111-8111-111111111111",
      "lambda-runtime-deadline-ms": String(Date.now() + 240_000),
    });
    response.end(events.shift());
  };
  const server = createServer((request, response) => {
    if (request.url?.endsWith("/invocation/next")) {
      waiting.push(response);
      return hand();
    }
    void bodyOf(request).then((body) => {
      response.writeHead(202).end();
      const answer = JSON.parse(body) as { errorType?: string; errorMessage?: string };
      const call = settled.shift();
      if (request.url?.endsWith("/error")) call?.reject(new Error(`${answer.errorType}: ${answer.errorMessage}`));
      else call?.resolve(answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bootstrap = new URL("./lambda-bootstrap.mjs", import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, [bootstrap], {
    cwd: taskRoot,
    stdio: "ignore",
    env: {
      ...environment,
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: taskRoot,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
  });
  return {
    invoke: async (event) =>
      await new Promise((resolve, reject) => {
        settled.push({ resolve, reject });
        events.push(JSON.stringify(event));
        hand();
      }),
    stop: async () => {
      child.kill();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
