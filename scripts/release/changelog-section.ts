/** Returns what CHANGELOG.md says of a version: its own section, or `Unreleased` before the version has one. Throws a RangeError for neither. */
export function changelogSection(changelog: string, version: string): string {
  const sections = changelog.split(/^(?=## )/m).slice(1);
  const headed = (title: string) => sections.find((section) => section.startsWith(`## ${title}`));
  const section = headed(version) ?? headed(`[${version}]`) ?? headed("Unreleased");
  if (section === undefined) throw new RangeError(`CHANGELOG.md says nothing of ${version}`);
  return `${section.trim()}\n`;
}
