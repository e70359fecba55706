/** Stands in for the AWS CLI, which a machine that runs the tests need not have: deletes a key at the named endpoint. */
import { parseArgs } from "node:util";
import { DeleteKeyCommand, PaymentCryptographyClient } from "@aws-sdk/client-payment-cryptography";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "endpoint-url": { type: "string" }, "key-identifier": { type: "string" } },
});
if (positionals.join(" ") !== "payment-cryptography delete-key" || values["endpoint-url"] === undefined)
  throw new Error(`only delete-key at an endpoint is known, not ${positionals.join(" ")}`);
const client = new PaymentCryptographyClient({
  endpoint: values["endpoint-url"],
  region: process.env["AWS_DEFAULT_REGION"] ?? "",
  maxAttempts: 1,
});
const { Key } = await client.send(new DeleteKeyCommand({ KeyIdentifier: values["key-identifier"] }));
console.log(JSON.stringify({ Key }));
client.destroy();
