import { readFileSync } from "node:fs";
import { compileFunctions } from "./bundle.ts";
import type { Plan } from "./plan.ts";
import { play } from "./play.ts";

/** Prints the hash of each plan of standard input, played in this process with the template that TEMPLATE names and the clients that CLIENTS names. */
const plans = JSON.parse(readFileSync(0, "utf8")) as readonly Plan[];
const clients = process.env["CLIENTS"] === "doubles" ? "doubles" : "sdk";
const tools = { codes: await compileFunctions(clients), clients, templateFile: process.env["TEMPLATE"] ?? "" } as const;
for (const plan of plans) console.log((await play(plan, tools)).hash);
