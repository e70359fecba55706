import {
  DeleteKeyCommand,
  PaymentCryptographyClient,
  RestoreKeyCommand,
  StartKeyUsageCommand,
  StopKeyUsageCommand,
} from "@aws-sdk/client-payment-cryptography";
import { type Person, region } from "./people.ts";
import type { World } from "./world.ts";

/** Schedules a deletion as `person`, over HTTP like anyone else. Answers what the service refused, if it did. */
export async function deleteKey(
  world: World,
  person: Person,
  keyArn: string,
  days: number,
): Promise<string | undefined> {
  const command = new DeleteKeyCommand({ KeyIdentifier: keyArn, DeleteKeyInDays: days });
  return await as(world, person, async (client) => await client.send(command));
}

/** Restores a key by hand as `person`. Answers what the service refused, if it did. */
export async function restoreKey(world: World, person: Person, keyArn: string): Promise<string | undefined> {
  const command = new RestoreKeyCommand({ KeyIdentifier: keyArn });
  return await as(world, person, async (client) => await client.send(command));
}

/** Stops or starts the usage of a key as `person`. Answers what the service refused, if it did. */
export async function setUsage(
  world: World,
  person: Person,
  keyArn: string,
  isUsable: boolean,
): Promise<string | undefined> {
  const input = { KeyIdentifier: keyArn };
  return await as(world, person, async (client) =>
    isUsable ? await client.send(new StartKeyUsageCommand(input)) : await client.send(new StopKeyUsageCommand(input)),
  );
}

async function as(
  { endpoint }: World,
  { accessKeyId }: Person,
  act: (client: PaymentCryptographyClient) => Promise<unknown>,
): Promise<string | undefined> {
  const credentials = { accessKeyId, secretAccessKey: "local" };
  // Anyone who watches wants to learn of a service that hangs.
  const client = new PaymentCryptographyClient({
    ...{ endpoint, region, credentials, maxAttempts: 1 },
    requestHandler: { requestTimeout: 5_000 },
  });
  try {
    await act(client);
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : "failed";
  } finally {
    client.destroy();
  }
}
