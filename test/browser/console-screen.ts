import { type Browser, chromium, type Page } from "playwright-core";
import { createTablePages } from "../../cli/console/table-pages.ts";
import type { CliContext } from "../../cli/context.ts";
import { probesOf } from "../../cli/doctor/probes.ts";
import { awsTime } from "../../cli/health/aws-time.ts";
import { readLogFiles } from "../../cli/trail/log-source.ts";
import { bob } from "../../local/world/people.ts";
import type { World } from "../../local/world/world.ts";
import { consolePage } from "../../scripts/page-files.ts";
import { type pagedTable, startConsole } from "../doubles/console-under-test.ts";
import { browserPath, quiet } from "./browser.ts";

/** `reprieve console` as it runs, and a browser on it. */
export interface ConsoleScreen {
  readonly console: Awaited<ReturnType<typeof startConsole>>;
  readonly browser: Browser;
  /** A page at the URL that the console printed; errors of it fail the test that opened it. */
  open(options?: Parameters<Browser["newPage"]>[0]): Promise<Page>;
  close(): Promise<void>;
}

/** Starts a console over a table of a test. */
export async function startConsoleScreen(
  table: ReturnType<typeof pagedTable>,
  over: Partial<CliContext> = {},
  args: readonly string[] = ["--stage", "prod"],
): Promise<ConsoleScreen> {
  const tools = async () => ({
    tablePages: () => table.pages(),
    stackTime: async () => Date.now(),
    pageFiles: consolePage,
  });
  return await screenOf(args, { clock: Date.now, consoleTools: tools, ...over }, table);
}

/** Starts a console over a local world, with the credentials of Bob. */
export async function startWorldScreen({ endpoint }: World): Promise<ConsoleScreen> {
  const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));
  const context: Partial<CliContext> = {
    ...{ clock: Date.now, fetch, pause, probes: async (stack) => probesOf(stack), logFiles: readLogFiles },
    credentials: async () => ({ accessKeyId: bob.accessKeyId, secretAccessKey: "local" }),
    consoleTools: async () => ({
      tablePages: createTablePages,
      stackTime: async (place) => await awsTime(place, Date.now),
      pageFiles: consolePage,
    }),
  };
  return await screenOf(["--endpoint-url", endpoint], context);
}

async function screenOf(
  args: readonly string[],
  over: Partial<CliContext>,
  table?: ReturnType<typeof pagedTable>,
): Promise<ConsoleScreen> {
  const console = await startConsole(args, over, table);
  const browser = await chromium.launch({ executablePath: browserPath, args: quiet });
  const open: ConsoleScreen["open"] = async (options = { viewport: { width: 1440, height: 900 } }) => {
    const page = await browser.newPage(options);
    page.on("pageerror", (error) => {
      throw error;
    });
    page.on("console", (message) => {
      if (message.type() === "error" && !/ERR_CONNECTION_REFUSED|401/.test(message.text()))
        throw new Error(message.text());
    });
    await page.goto(`${console.url}/#k=${console.secret}`);
    return page;
  };
  const close = async () => {
    await browser.close();
    await console.stop();
  };
  return { console, browser, open, close };
}
