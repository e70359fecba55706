/** Lambda runs Node 24, so everything here does; on Linux npm scripts take it from the locked package. */
const [major] = process.versions.node.split(".");
if (major !== "24") {
  console.error(
    `expected Node 24, found ${process.version}: run \`npm ci\` without \`--omit=optional\`, or install Node 24`,
  );
  process.exitCode = 1;
}
