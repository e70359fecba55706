#!/usr/bin/env node
import pc from "picocolors";
import { run } from "./run.ts";

process.exitCode = await run(process.argv.slice(2), {
  endpoint: process.env["REPRIEVE_ENDPOINT"],
  // Loaded when somebody votes: it is most of what there is to load.
  credentials: async () => {
    const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
    return await defaultProvider()();
  },
  clock: Date.now,
  fetch,
  colours: pc.isColorSupported,
  print: console.log,
  complain: console.error,
});
