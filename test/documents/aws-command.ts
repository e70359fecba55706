/** Stands in for the AWS CLI, which a machine that runs the tests need not have: deletes or stops a key at the named endpoint. */
import { parseArgs } from "node:util";
import { DeleteKeyCommand, PaymentCryptographyClient, StopKeyUsageCommand } from "@aws-sdk/client-payment-cryptography";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "endpoint-url": { type: "string" }, "key-identifier": { type: "string" } },
});
const called = positionals.join(" ");
const isStop = called === "payment-cryptography stop-key-usage";
if ((called !== "payment-cryptography delete-key" && !isStop) || values["endpoint-url"] === undefined)
  throw new Error(`only delete-key and stop-key-usage at an endpoint are known, not ${called}`);
const client = new PaymentCryptographyClient({
  endpoint: values["endpoint-url"],
  region: process.env["AWS_DEFAULT_REGION"] ?? "",
  maxAttempts: 1,
});
const named = { KeyIdentifier: values["key-identifier"] };
const { Key } = isStop
  ? await client.send(new StopKeyUsageCommand(named))
  : await client.send(new DeleteKeyCommand(named));
console.log(JSON.stringify({ Key }));
client.destroy();
