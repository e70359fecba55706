// The fences of the house: imports point inward, and the domain can do no I/O.
const domainMayImport = ["^lib/domain/", "^node_modules/valibot/"];

module.exports = {
  forbidden: [
    {
      name: "domain-is-pure",
      comment: "decisions are functions of data",
      severity: "error",
      from: {
        path: "^lib/domain/",
        pathNot: "^lib/domain/(canonical-json|merkle|network|plain-yaml|yaml-places)\\.ts$",
      },
      to: { pathNot: domainMayImport },
    },
    {
      name: "hashes-are-computed-here",
      severity: "error",
      from: { path: "^lib/domain/(canonical-json|merkle)\\.ts$" },
      to: { pathNot: [...domainMayImport, "^(node:)?crypto$", "^node_modules/canonicalize/"] },
    },
    {
      name: "network-matches-addresses",
      comment: "node:net for BlockList and isIP only, which do no I/O",
      severity: "error",
      from: { path: "^lib/domain/network\\.ts$" },
      to: { pathNot: [...domainMayImport, "^(node:)?net$"] },
    },
    {
      name: "plain-yaml-reads-yaml",
      severity: "error",
      from: { path: "^lib/domain/(plain-yaml|yaml-places)\\.ts$" },
      to: { pathNot: [...domainMayImport, "^node_modules/js-yaml/"] },
    },
    {
      name: "workflows-know-ports-only",
      severity: "error",
      from: { path: "^lib/workflows/" },
      to: { pathNot: ["^lib/domain/", "^lib/notices/", "^lib/workflows/"] },
    },
    {
      name: "notices-are-pure",
      comment: "what people are told is a function of the case",
      severity: "error",
      from: { path: "^lib/notices/" },
      to: { pathNot: ["^lib/domain/", "^lib/notices/"] },
    },
    {
      name: "adapters-know-the-domain-and-the-ports",
      severity: "error",
      from: { path: "^lib/(aws|slack)/" },
      to: {
        path: ["^(functions|local|scripts|cli|test|bench)/", "^lib/workflows/(?!((archive|notice|sweep)-)?ports\\.ts)"],
      },
    },
    {
      name: "nothing-depends-on-the-local-world",
      severity: "error",
      from: { path: "^(lib|functions|scripts|cli)/" },
      to: { path: "^(local|test|bench)/" },
    },
    {
      name: "yaml-stays-out-of-the-bundles",
      severity: "error",
      from: { path: "^functions/" },
      to: { path: "^node_modules/js-yaml/|^lib/domain/(policy-yaml|plain-yaml|yaml-places)", reachable: true },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^reprieve:build$" } },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json", ".d.ts"],
      conditionNames: ["import", "types", "node", "default"],
      exportsFields: ["exports"],
    },
  },
};
