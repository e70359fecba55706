/** `Mozilla/5.0 (...)` says nothing of the client that a reader needs; an SDK names the tool after itself. */
const tools = /(terraform|opentofu|pulumi|ansible|boto3|botocore|aws-cli|aws-sdk-[a-z0-9-]+)\/(\d+(?:\.\d+)?)/i;
const maxLength = 40;

/** Returns the client that a user agent names, with the version that matters: `aws-cli/2.17`. Text from an event: the channel escapes it. */
export function clientText(userAgent: string): string {
  const agent = userAgent.slice(0, 1_024);
  const tool = tools.exec(agent);
  if (tool !== null) return `${tool[1]}/${tool[2]}`;
  const [first = ""] = agent.replace(/^\[/, "").split(/[\s\]]/);
  const characters = Array.from(first.replace(/^([^/]+\/\d+\.\d+)\..*$/, "$1"));
  return characters.length <= maxLength ? characters.join("") : `${characters.slice(0, maxLength).join("")}…`;
}
