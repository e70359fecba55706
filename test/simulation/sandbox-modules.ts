import buffer from "node:buffer";
import console from "node:console";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import stream from "node:stream";
import zlib from "node:zlib";

/** The modules of Node that a bundle may have as they are: they know neither time nor chance nor the outside. */
const pure: Readonly<Record<string, unknown>> = { buffer, console, path, stream, zlib };

/** Node's modules for a bundle, with `own` in place of those that would reach out of the simulation. Any other name throws. */
export function requireFor(functionName: string, own: Readonly<Record<string, unknown>>) {
  const given: Readonly<Record<string, unknown>> = { ...pure, ...quietModules, ...own };
  return (wanted: string): unknown => {
    const name = wanted.replace(/^node:/, "");
    if (!Object.hasOwn(given, name)) throw new Error(`${functionName} requires \`${wanted}\`: not in the simulation`);
    return given[name];
  };
}

const absent = () => Object.assign(new Error("ENOENT: there are no files in the simulation"), { code: "ENOENT" });
const readFile = async () => {
  throw absent();
};
const readFileSync = () => {
  throw absent();
};

const quietModules: Readonly<Record<string, unknown>> = {
  fs: { readFile, readFileSync, promises: { readFile } },
  "fs/promises": { readFile },
  os: {
    ...{ EOL: os.EOL, platform: () => "linux", type: () => "Linux", release: () => "6.1.0", arch: () => "x64" },
    ...{ hostname: () => "simulated", homedir: () => "/", cpus: () => [] },
  },
  // No sockets: only what tells addresses apart.
  net: { BlockList: net.BlockList, isIP: net.isIP, isIPv4: net.isIPv4, isIPv6: net.isIPv6 },
};
