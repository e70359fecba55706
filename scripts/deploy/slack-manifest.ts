import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "../bundle.ts";

/** Returns the manifest of the stack's Slack app, with the address that Slack sends callbacks to. */
export function slackManifest(endpoint: string): string {
  const template = readFileSync(resolve(root, "slack-app-manifest.yml"), "utf8");
  return template.replaceAll("https://example.execute-api.us-east-1.amazonaws.com", endpoint.replace(/\/+$/, ""));
}
