/** Runs one exported function of a bench on one folder, and tells on the standard error what it took. */
import { pathToFileURL } from "node:url";
import { peakMegabytes } from "./peak-memory.ts";

const [, , file = "", name = "", folder = ""] = process.argv;
const module = (await import(pathToFileURL(file).href)) as Record<string, (folder: string) => unknown>;
const way = module[name];
if (way === undefined) throw new Error(`\`${file}\` exports no \`${name}\``);
const began = performance.now();
await way(folder);
const ms = performance.now() - began;
console.error(JSON.stringify({ ms, megabytes: peakMegabytes() }));
process.exit(0);
