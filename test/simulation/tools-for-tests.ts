import { packaged } from "../doubles/packaged.ts";
import { type Clients, compileFunctions } from "./bundle.ts";
import type { Tools } from "./play.ts";

/** What the plans of `npm test` run with. `npm run test:full` plays the same ones with the SDK's clients, and `.ci/run` runs both. */
const clientsOfPlans: Clients = process.env["REPRIEVE_FULL"] === undefined ? "doubles" : "sdk";

const made = new Map<Clients, Promise<Tools>>();

/** The tools of all test files of one worker, made by whichever asks first. */
export async function toolsForTests(clients: Clients = clientsOfPlans): Promise<Tools> {
  const tools = made.get(clients) ?? make(clients);
  made.set(clients, tools);
  return await tools;
}

async function make(clients: Clients): Promise<Tools> {
  const [{ templateFile }, codes] = await Promise.all([packaged("local"), compileFunctions(clients)]);
  return { templateFile, codes, clients };
}
