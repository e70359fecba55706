/** Returns whether Slack's dialog says that no answer came: what the person asked for may be done all the same. */
export function isUnknown(body: string): boolean {
  return body.includes("It is not known whether this was recorded");
}
