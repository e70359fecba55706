import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ChainPart, ConsoleData, Row } from "../../../cli/console/parts.ts";
import { account, region } from "../../../local/world/people.ts";
import { root } from "../../../scripts/bundle.ts";
import { type Check, equal } from "../part.ts";
import { printed } from "../printed.ts";

/** Starts `reprieve console` over the stack at `endpoint`, and compares what its page gets with the entries of each case, by its name. */
export async function consoleChecks(
  endpoint: string,
  expected: Readonly<Record<string, readonly string[]>>,
): Promise<readonly Check[]> {
  const args = ["console", "--stage", "dev", "--region", region, "--endpoint-url", endpoint];
  const env = { PATH: process.env["PATH"], AWS_ACCESS_KEY_ID: account, AWS_SECRET_ACCESS_KEY: "local", NO_COLOR: "1" };
  const child = spawn(process.execPath, [resolve(root, "cli/reprieve.ts"), ...args], { env, cwd: root });
  try {
    const [, url = "", secret = ""] = await printed(child, /(http:\/\/127\.0\.0\.1:\d+)\/#k=([\w-]+)/);
    const ask = async (path: string) =>
      (await (await fetch(`${url}${path}`, { headers: { "x-reprieve-secret": secret } })).json()) as unknown;
    const rows = await rowsOf(ask, Object.keys(expected).length);
    const found: Record<string, readonly string[]> = {};
    for (const { name } of rows) {
      const chain = (await ask(`/chain?place=&name=${encodeURIComponent(name)}`)) as ChainPart;
      found[name] = chain.entries.map(({ kind }) => kind);
    }
    const sorted = (each: object) => Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const stranger = await fetch(`${url}/data?after=0`);
    return [
      equal("the console's page shows every case with its entries", sorted(found), sorted(expected)),
      equal("the console refuses a request without the secret", stranger.status, 401),
    ];
  } finally {
    child.kill("SIGINT");
    if (child.exitCode === null) await once(child, "exit");
  }
}

/** Waits until the page has `count` cases. Throws after a minute, with what it has. */
async function rowsOf(ask: (path: string) => Promise<unknown>, count: number): Promise<readonly Row[]> {
  let rows: readonly Row[] = [];
  for (let tries = 0; tries < 120; tries += 1) {
    const data = (await ask("/data?after=0")) as ConsoleData;
    rows = data.rows.filter(({ kind }) => kind === "case");
    if (rows.length >= count) return rows;
    await pause(500);
  }
  throw new Error(`the console shows ${rows.length} cases of ${count}`);
}
