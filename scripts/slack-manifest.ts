import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./bundle.ts";
import { optionsOrUsage } from "./options.ts";

const usage = `usage: npm run -s slack-manifest -- --endpoint URL

Prints the manifest of the stack's Slack app, for https://api.slack.com/apps, "Create New App", "From a manifest".
  --endpoint URL   address of the stack's HTTP API, as the deployment prints it`;

/** The manifest with the address that Slack sends callbacks to. */
export function slackManifest(endpoint: string): string {
  const template = readFileSync(resolve(root, "slack-app-manifest.yml"), "utf8");
  return template.replaceAll("https://example.execute-api.us-east-1.amazonaws.com", endpoint.replace(/\/+$/, ""));
}

function endpointFrom(): string | undefined {
  const { endpoint = "" } = parseArgs({ options: { endpoint: { type: "string" } } }).values;
  const url = URL.parse(endpoint);
  return url?.protocol === "https:" && url.search === "" && url.username === "" ? endpoint : undefined;
}

if (import.meta.main) console.log(slackManifest(optionsOrUsage(usage, endpointFrom)));
