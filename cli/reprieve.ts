#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

// Half of the time of a short command is compiling. Kept beside the code: anyone who could change the one could change the other.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/reprieve", import.meta.url)));
const [{ run }, { default: pc }] = await Promise.all([import("./run.ts"), import("picocolors")]);

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  // Anyone who reads has read enough, such as `head`.
  if (code === "EPIPE") process.exit();
  console.error(`✗ standard output cannot be written (${code}): free space, or name another file`);
  process.exit(2);
});

const progress = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
};

// As an exit, so that what is half done can be removed.
process.once("SIGINT", () => {
  progress("");
  process.exit(130);
});

process.exitCode = await run(process.argv.slice(2), {
  version,
  endpoint: process.env["REPRIEVE_ENDPOINT"],
  region: process.env["AWS_REGION"] || "",
  folder: process.cwd(),
  // Loaded when someone votes: it is most of what there is to load.
  credentials: async () => {
    const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
    return await defaultProvider()();
  },
  clock: Date.now,
  fetch,
  trails: async function* (from) {
    const { readTrails } = await import("./trail/trail-source.ts");
    yield* readTrails(from);
  },
  logFiles: async function* (stack) {
    const { readLogFiles } = await import("./trail/log-source.ts");
    yield* readLogFiles(stack);
  },
  aliasTarget: async (place, alias) => await (await import("./stack/alias-target.ts")).aliasTargetOf(place, alias),
  probes: async (stack) => (await import("./doctor/probes.ts")).probesOf(stack),
  health: async ({ stage, ...place }) => {
    const [{ stackProbes }, { clientSettings }, { defaultProvider }] = await Promise.all([
      import("./health/stack-probes.ts"),
      import("./stack/aws-place.ts"),
      import("@aws-sdk/credential-provider-node"),
    ]);
    const { access } = place;
    const credentials = access === undefined ? defaultProvider() : async () => access.credentials;
    return stackProbes(stage, { ...clientSettings(place), maxAttempts: 1, credentials }, Date.now);
  },
  consoleTools: async () => {
    const sources = new URL("../scripts/page-files.ts", import.meta.url);
    const built = new URL("./console-page.mjs", import.meta.url);
    const [{ createTablePages: tablePages }, { awsTime }, { consolePage: pageFiles }] = await Promise.all([
      import("./console/table-pages.ts"),
      import("./health/aws-time.ts"),
      import((existsSync(sources) ? sources : built).href),
    ]);
    return { tablePages, stackTime: async (place) => await awsTime(place, Date.now), pageFiles };
  },
  keys: async (place) => (await import("./scan/scan-keys.ts")).keysOf(place, Date.now, sleep),
  invokeSweep: async (stack, order) => await (await import("./stack/invoke-sweep.ts")).invokeSweep(stack, order),
  deploymentTools: async () => {
    const tools = new URL("../scripts/deployment-tools.ts", import.meta.url);
    if (existsSync(tools)) return (await import(tools.href)).deploymentTools;
    const { InputError } = await import("./shell/input-error.ts");
    throw new InputError(
      "this needs a checkout of reprieve (git clone, npm ci); without one, `reprieve package` makes zips and a template to deploy",
    );
  },
  releaseFolder: fileURLToPath(new URL("../dist/stack", import.meta.url)),
  signIn: async () => (await import("./places/sign-in.ts")).createSignIn(),
  timer: (ms, ring) => {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
  pause: sleep,
  progress,
  columns: process.stdout.columns,
  // Plain in a pipe, also where CI=1 makes picocolors colour it.
  colours: pc.isColorSupported && (process.stdout.isTTY || Boolean(process.env["FORCE_COLOR"])),
  print: console.log,
  printError: console.error,
});

// What was given up, such as a credential process that hangs, must not keep the command from ending. Alone this timer keeps nothing alive.
setInterval(() => {
  if (process.stdout.writableLength === 0) process.exit();
}, 2_000).unref();
