/** What the test works around, as docs/interop.md explains. */
export const workarounds = [
  "own-control-plane",
  "own-event-history",
  "own-sts",
  "aws-source",
  "unknown-types",
  "api-host",
] as const;

/** Resource types that MiniStack 1.5.33 does not know; no story of this part depends on them. */
const unknownTypes = [
  "AWS::Events::EventBusPolicy",
  "AWS::SecretsManager::ResourcePolicy",
  "AWS::Lambda::ResourcePolicy",
];

interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly Environment?: { readonly Variables?: Record<string, unknown> } };
}

/** Returns the packaged template without what MiniStack does not know, with functions that ask the STS at `sts`, a URL. */
export function templateFor(text: string, sts: string): string {
  const template = JSON.parse(text) as { Resources: Record<string, Resource> };
  const kept = Object.entries(template.Resources).filter(([, { Type }]) => !unknownTypes.includes(Type));
  for (const [, { Properties }] of kept) {
    const variables = Properties?.Environment?.Variables;
    if (variables?.["STS_URL"] !== undefined) variables["STS_URL"] = `${sts}/`;
  }
  return JSON.stringify({ ...template, Resources: Object.fromEntries(kept) });
}
