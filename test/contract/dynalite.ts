import { once } from "node:events";
import { waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { localClient, storeOn } from "./dynamodb.ts";

/** The embedded DynamoDB with a fresh table. */
export async function startDynalite() {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  const client = localClient(address.port);
  const stop = async () => {
    client.destroy();
    server.close();
  };
  const made = await storeOn(client);
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.2 }, { TableName: made.table });
  return { client, endpoint: `http://127.0.0.1:${address.port}`, stop, ...made };
}
