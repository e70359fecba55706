console.error(
  "✗ this package is not published: no registry holds it, and its name is not claimed. `npm run release` makes the tarball to hand out.",
);
process.exitCode = 1;
