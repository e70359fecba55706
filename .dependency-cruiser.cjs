// The module fences: imports point inward, the domain does no I/O, and every module names what it may import.
const domainMayImport = ["^lib/domain/", "^node_modules/valibot/"];

/** Files at the root of lib/domain that every module may import. */
const domainRoot = ["arn", "guard-error", "printable-text", "well-formed", "stack-place", "time"];

/** What each module may import, beside itself. */
const modules = {
  "lib/domain": {
    key: [],
    people: [],
    deletion: ["key", "people"],
    operations: ["key", "people"],
    policy: ["key", "people", "operations"],
    ledger: ["key", "people", "deletion", "policy", "operations"],
    case: ["key", "people", "deletion", "ledger"],
    approval: ["key", "people", "deletion", "policy", "ledger", "case", "operations", "change"],
    plan: ["key", "people", "deletion", "policy", "ledger", "case", "approval"],
    "lock-out": ["key", "people", "policy", "ledger", "case", "operations"],
    change: ["key", "people", "operations", "policy", "ledger"],
    stack: ["key", "deletion", "ledger"],
    log: ["ledger"],
    trail: ["ledger", "log"],
    reconcile: ["key", "people", "ledger", "log", "operations"],
  },
  "lib/workflows": {
    ports: [],
    guard: ["ports"],
    stack: ["ports"],
    sweep: ["ports", "guard", "stack"],
    approve: ["ports", "guard", "stack"],
    notify: ["ports"],
    witness: ["ports"],
    change: ["ports", "guard"],
    remediate: ["ports", "guard"],
  },
  "lib/aws": {
    "payment-cryptography": ["json"],
    events: ["json"],
    cloudtrail: ["json", "events", "payment-cryptography"],
    sts: ["json", "events"],
    dynamodb: ["events", "json"],
    "s3-kms": [],
    lambda: [],
  },
  local: {
    clock: [],
    aws: ["clock"],
    slack: [],
    world: ["aws", "slack", "clock"],
    stories: ["world", "aws", "slack", "clock"],
    console: ["stories", "world", "aws", "slack"],
    terminal: ["world"],
  },
};
const rootFiles = { "lib/domain": domainRoot, "lib/workflows": [], "lib/aws": [], local: [] };

const moduleFences = Object.entries(modules).flatMap(([layer, rooms]) =>
  Object.entries(rooms).map(([room, allowed]) => {
    const own = [room, ...allowed].map((name) => `${name}(/|\\.ts$)`);
    const root = rootFiles[layer].map((name) => `${name}\\.ts$`);
    return {
      name: `${layer.replace("lib/", "")}-${room}`,
      comment: `${layer}: ${room} may import ${[...allowed, ...rootFiles[layer]].join(", ") || "nothing of its layer"}`,
      severity: "error",
      from: { path: `^${layer}/${room}/` },
      to: { path: `^${layer}/`, pathNot: `^${layer}/(${[...own, ...root].join("|")})` },
    };
  }),
);

module.exports = {
  forbidden: [
    ...moduleFences,
    {
      name: "domain-root-stands-alone",
      comment: "the files at the root of the domain import no module",
      severity: "error",
      from: { path: "^lib/domain/[^/]+\\.ts$" },
      to: { path: "^lib/domain/[^/]+/" },
    },
    {
      name: "every-file-has-a-module",
      comment: "a new file of these layers belongs to a module",
      severity: "error",
      from: {},
      to: {
        path: "^lib/(domain|workflows|aws)/[^/]+\\.ts$",
        pathNot: `^lib/(domain/(${domainRoot.join("|")})|aws/json)\\.ts$`,
      },
    },
    {
      name: "local-root-holds-entries-only",
      comment: "a file at the root of local/ is a command; what is imported belongs to a folder",
      severity: "error",
      from: {},
      to: { path: "^local/[^/]+\\.tsx?$" },
    },
    {
      name: "every-local-folder-is-fenced",
      comment: "a new folder of local/ belongs to the table of modules",
      severity: "error",
      from: {},
      to: { path: "^local/[^/]+/", pathNot: `^local/(${Object.keys(modules.local).join("|")})/` },
    },
    {
      name: "domain-is-pure",
      comment: "decisions are functions of data",
      severity: "error",
      from: {
        path: "^lib/domain/",
        pathNot:
          "^lib/domain/(ledger/canonical-json|log/hash|log/verifier-key|policy/match/network|policy/yaml/.+)\\.ts$",
      },
      to: { pathNot: domainMayImport },
    },
    {
      name: "hashes-are-computed-here",
      severity: "error",
      from: { path: "^lib/domain/(ledger/canonical-json|log/hash|log/verifier-key)\\.ts$" },
      to: { pathNot: [...domainMayImport, "^(node:)?crypto$", "^node_modules/canonicalize/"] },
    },
    {
      name: "network-matches-addresses",
      comment: "node:net for BlockList and isIP only, which do no I/O",
      severity: "error",
      from: { path: "^lib/domain/policy/match/network\\.ts$" },
      to: { pathNot: [...domainMayImport, "^(node:)?net$"] },
    },
    {
      name: "yaml-is-read-here",
      severity: "error",
      from: { path: "^lib/domain/policy/yaml/" },
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
      to: { path: ["^(functions|local|scripts|cli|test|bench)/", "^lib/workflows/(?!ports/)"] },
    },
    {
      name: "nothing-depends-on-the-local-world",
      severity: "error",
      from: { path: "^(lib|functions|scripts|cli)/" },
      to: { path: "^(local|test|bench)/" },
    },
    {
      name: "many-places-know-no-command",
      comment: "a command is run at many places; what runs it knows none of them",
      severity: "error",
      from: { path: "^cli/places/" },
      to: { path: "^cli/", pathNot: "^cli/(places|shell|stack)/" },
    },
    {
      name: "a-release-is-bytes",
      comment: "lib/release says what is in a release; it reads no file and asks no network",
      severity: "error",
      from: { path: "^lib/release/" },
      to: { pathNot: ["^lib/release/", "^lib/domain/", "^node_modules/fflate/", "^(node:)?crypto$"] },
    },
    {
      name: "the-verifier-needs-no-network",
      comment: "reprieve-verify.mjs is one file that assessors can read",
      severity: "error",
      from: { path: "^cli/audit/verifier\\.ts$" },
      to: { path: "^node_modules/@(aws-sdk|smithy)/|^(node:)?(http|https|net|tls|dns)$", reachable: true },
    },
    {
      name: "yaml-stays-out-of-the-bundles",
      severity: "error",
      from: { path: "^functions/" },
      to: { path: "^node_modules/js-yaml/|^lib/domain/policy/yaml/", reachable: true },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-circle-between-folders",
      scope: "folder",
      severity: "error",
      from: {},
      to: { circular: true },
    },
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
