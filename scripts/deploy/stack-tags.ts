/** Tags that the deployment adds to those of the stage's file. */
const ownTags = { application: "reprieve" } as const;
/** osls adds it. */
const oslsTag = "STAGE";

/** Names of tags that no stage file may set, in lower case. */
export const reservedTagNames: readonly string[] = [...Object.keys(ownTags), oslsTag.toLowerCase()];

/** AWS takes 50 tags of a resource. */
export const maxOwnTags = 50 - reservedTagNames.length;

type Tags = Readonly<Record<string, string>>;

/** Returns every tag that a stack is given, but for the one that osls adds. */
export function stackTags(tags: Tags): Tags {
  return { ...tags, ...ownTags };
}

/** Returns those of a running stack's tags that its stage file sets. */
export function tagsOfFile(running: Tags): Tags {
  return Object.fromEntries(Object.entries(running).filter(([name]) => !reservedTagNames.includes(name.toLowerCase())));
}

/** Returns the tags as one line, in the order of their names. */
export function tagsText(tags: Tags): string {
  const texts = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  return texts.length === 0 ? "none" : texts.sort().join(", ");
}

/** Returns the tags as the stage file's field: a mapping of quoted values, or `none`. */
export function tagsYaml(tags: Tags): string {
  const texts = Object.entries(tags).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return texts.length === 0 ? "none" : `{ ${texts.join(", ")} }`;
}
