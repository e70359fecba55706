import { request } from "node:http";
import type { ConsoleData, StackPart } from "../../cli/console/parts.ts";
import type { TablePages } from "../../cli/console/table-pages.ts";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import type { TableCursor } from "../../cli/trail/trail-source.ts";
import { t0 } from "./key-world.ts";
import { asNamed, handTimers } from "./places.ts";
import { healthy } from "./stack-health.ts";

/** A table in pages of so many chains, which fails as a test says. */
export function pagedTable(trails: readonly StoredTrail[], perPage = 100) {
  const table = {
    trails,
    reads: 0,
    closed: 0,
    failure: undefined as Error | undefined,
    hangs: false,
    pages: (): TablePages => ({
      read: async (from) => {
        table.reads += 1;
        if (table.failure !== undefined) throw table.failure;
        if (table.hangs) await new Promise(() => {});
        const at = Number(from?.["at"]?.N ?? 0);
        const next: TableCursor = { at: { N: String(at + perPage) } };
        const page = table.trails.slice(at, at + perPage);
        return { trails: page, ...(at + perPage < table.trails.length && { next }) };
      },
      close: () => {
        table.closed += 1;
      },
    }),
  };
  return table;
}

/** An AWS error as the SDK throws it. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

export interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Runs `reprieve console` with `args` on a machine with `over`; `ask` is a request of a page, by node:http because `fetch` sets Host itself. */
export async function startConsole(args: readonly string[], over: Partial<CliContext> = {}, table = pagedTable([])) {
  const timers = handTimers();
  const printed: string[] = [];
  const errors: string[] = [];
  const time = { now: t0 };
  const ready = Promise.withResolvers<void>();
  const context: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, clock: () => time.now, progress: () => {} },
    ...{ timer: timers.timer, pause: async () => {}, signIn: async () => asNamed },
    credentials: async () => ({ accessKeyId: "AKIABOBBOBBOBBOBBOB1", secretAccessKey: "s" }),
    fetch: async () => await Promise.reject(new Error("no network here")),
    health: async () => healthy(),
    probes: async () => ({ ...noProbes, caller: async () => "arn:aws:iam::111122223333:user/bob" }),
    logFiles: async function* () {},
    consoleTools: async () => ({
      tablePages: () => table.pages(),
      stackTime: async () => time.now,
      pageFiles: async () => new Map([["/", { type: "text/html", content: "<!doctype html>" }]]),
    }),
    print: (line) => {
      printed.push(line);
      if (printed.length === 1) ready.resolve();
    },
    printError: (line) => void errors.push(line),
    ...over,
  };
  const ended = run(["console", ...args], context as CliContext);
  await Promise.race([ready.promise, ended]);
  const [, url = "", secret = ""] = /(http:\S+)\/#k=(\S+)/.exec(printed[0] ?? "") ?? [];
  const ask = async (path: string, headers: Record<string, string> = {}, method = "GET", body = "") =>
    await asked(`${url}${path}`, headers, method, body);
  const withSecret = { "x-reprieve-secret": secret };
  const get = async <Body>(path: string) => JSON.parse((await ask(path, withSecret)).text) as Body;
  const post = async (path: string, body: object = {}) => {
    const headers = { ...withSecret, origin: url, "content-type": "application/json" };
    return JSON.parse((await ask(path, headers, "POST", JSON.stringify(body))).text) as { ok: boolean; text: string };
  };
  /** What a page knows once every stack was read, or failed, at the time of this machine. */
  const settled = async () => {
    for (;;) {
      const data = await get<ConsoleData>("/data?after=0");
      const isDone = ({ readAt, roundAt, trouble, caller, isChecking }: StackPart) =>
        trouble === undefined
          ? readAt === time.now && roundAt !== undefined && caller !== "" && !isChecking
          : trouble.nextAt > time.now && !isChecking;
      if (data.stacks.every(isDone)) return data;
    }
  };
  const stop = async () => {
    timers.ringAll();
    return await ended;
  };
  return { url, secret, withSecret, ask, get, post, settled, stop, ended, table, time, printed, errors, timers };
}

const noProbes = {
  keys: async () => await Promise.reject(new Error("not asked")),
  table: async () => await Promise.reject(new Error("not asked")),
  bucket: async () => await Promise.reject(new Error("not asked")),
  changesAreRefused: async () => await Promise.reject(new Error("not asked")),
};

async function asked(url: string, headers: Record<string, string>, method: string, body: string): Promise<Asked> {
  return await new Promise((done, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => done({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sent.on("error", reject).end(body);
  });
}
