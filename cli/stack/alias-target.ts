import { GetAliasCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";
import { errorText } from "../shell/error-text.ts";
import { InputError } from "../shell/input-error.ts";
import { type AwsPlace, clientSettings } from "./aws-place.ts";

/** Returns the ARN of the key that an alias stands for; undefined for an alias without a key. Throws an InputError. */
export async function aliasTargetOf(place: AwsPlace, AliasName: string): Promise<string | undefined> {
  const client = new PaymentCryptographyClient(clientSettings(place));
  try {
    return (await client.send(new GetAliasCommand({ AliasName }))).Alias?.KeyArn;
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw new InputError(`the alias cannot be read in ${place.region}: ${errorText(error)}`, { cause: error });
  } finally {
    client.destroy();
  }
}
