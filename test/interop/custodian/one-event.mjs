// Handles one SQS event with the packaged guard, as a new Lambda process does; prints what it took in ms.
// Plain JavaScript, so that nothing of Node is warm that the bundle has to warm for itself.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , bundleFile, eventFile] = process.argv;
const began = performance.now();
const { handler } = await import(pathToFileURL(bundleFile).href);
const imported = performance.now();
const until = Date.now() + 30_000;
const context = { awsRequestId: "interop", functionName: "guard", getRemainingTimeInMillis: () => until - Date.now() };
const { batchItemFailures } = await handler(JSON.parse(readFileSync(eventFile, "utf8")), context);
const handled = performance.now();
if (batchItemFailures.length > 0) throw new Error("the message failed");
process.stderr.write(`${JSON.stringify({ importMs: imported - began, eventMs: handled - imported })}\n`);
process.exit(0);
