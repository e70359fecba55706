import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { startConsole } from "../../local/console/console.ts";
import { scenarios } from "../../local/stories/demo/scenarios.ts";
import { rememberLabels } from "../../local/world/label-past.ts";
import { seedKeys } from "../../local/world/seed-keys.ts";
import { startWorld } from "../../local/world/start-world.ts";
import type { World } from "../../local/world/world.ts";
import { bundleFunctions, root } from "../../scripts/bundle.ts";
import { packaged } from "../doubles/packaged.ts";

export const browserPath = process.env["REPRIEVE_CHROMIUM"] ?? "/usr/bin/chromium";

/** Whether there is a browser on this machine. */
export const hasBrowser = existsSync(browserPath);

/** Nothing of the browser's own business: this machine has no way to the outside, and each try would cost time. */
export const quiet = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

/** A local world with its console, as `npm start` makes them, and a browser on it. */
export interface Screen {
  readonly world: World;
  readonly policyFile: string;
  readonly policyText: string;
  /** A page that has been sent everything; errors of it fail the test that opened it. */
  open(options?: Parameters<Browser["newPage"]>[0]): Promise<Page>;
  /** Ends the console and, once `meanwhile` is over, starts another one at the same address. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function startScreen({ seed = true } = {}): Promise<Screen> {
  const folder = mkdtempSync(join(tmpdir(), "reprieve-screen-"));
  const policyFile = join(folder, "policy.yaml");
  const policyText = readFileSync(resolve(root, "local/policy.yaml"), "utf8");
  writeFileSync(policyFile, policyText);
  const { templateFile, bundles } = await packaged("local");
  const world = await startWorld({ templateFile, bundles, port: 0, schedules: true });
  if (seed) seedKeys(world.controlPlane, world.clock.now());
  await rememberLabels(world);
  const deploy = async () => world.deploy(await bundleFunctions(policyFile, mkdtempSync(join(folder, "policy-"))));
  let shown = await startConsole(world, { port: 0, policyFile, deploy, scenarios });
  const browser = await chromium.launch({ executablePath: browserPath, args: quiet });
  const open: Screen["open"] = async (options = { viewport: { width: 1440, height: 900 } }) => {
    const page = await browser.newPage(options);
    page.on("pageerror", (error) => {
      throw error;
    });
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes("ERR_CONNECTION_REFUSED"))
        throw new Error(message.text());
    });
    await page.goto(shown.url);
    await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
    return page;
  };
  const restart: Screen["restart"] = async (meanwhile) => {
    const port = Number(new URL(shown.url).port);
    await shown.close();
    await meanwhile();
    shown = await startConsole(world, { port, policyFile, deploy, scenarios });
  };
  const close = async () => {
    await browser.close();
    await shown.close();
    await world.stop();
    rmSync(folder, { recursive: true });
  };
  return { world, policyFile, policyText, open, restart, close };
}

const pictures = resolve(root, "docs/console");

/** A picture for the docs, where they are wanted (npm run screenshots). */
export async function picture(page: Page, name: string, options: { readonly fullPage?: true } = {}): Promise<void> {
  if (process.env["REPRIEVE_SCREENSHOTS"] !== "1") return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), ...options });
}
