import { once } from "node:events";
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
  return { client, endpoint: `http://127.0.0.1:${address.port}`, stop, ...(await storeOn(client)) };
}
