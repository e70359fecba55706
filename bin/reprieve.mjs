#!/usr/bin/env node
import { existsSync } from "node:fs";

// In a checkout the command runs from its sources, installed from its bundle.
const source = new URL("../cli/reprieve.ts", import.meta.url);
const isCheckout = existsSync(source);
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const needed = isCheckout ? [24, 2] : [22, 1];
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(`✗ reprieve needs Node.js ${needed.join(".")} or newer, and this is ${process.version}`);
  process.exit(2);
}
await import(isCheckout ? source.href : new URL("../dist/reprieve.mjs", import.meta.url).href);
