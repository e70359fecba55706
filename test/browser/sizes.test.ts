import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";
import { cutTexts, outside, seriousFaults, shortened } from "./access.ts";
import { hasBrowser, type Screen, startScreen } from "./browser.ts";

const wanted = process.env["REPRIEVE_BROWSER"] === "1";
/** A phone, a tablet, a laptop. */
const sizes = [
  { width: 375, height: 812 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
] as const;
const folder = resolve(root, ".build/screens");

if (!wanted || !hasBrowser) {
  const why = hasBrowser ? "npm run test:browser runs these" : "apt-get install chromium, then npm run test:browser";
  describe("the console at every size", () => it.skip(`LEFT OUT: ${why}`, () => {}));
} else {
  let screen: Screen;
  beforeAll(async () => {
    screen = await startScreen();
    mkdirSync(folder, { recursive: true });
    const page = await screen.open();
    await page.getByLabel("Waiting period").selectOption("7");
    // A key that a rule lets go, one that comes back, and one that people are asked about.
    await deleteAs(page, "the key reaper", "alias/test/terminal-1");
    await deleteAs(page, "mallory", "alias/prod/cvk-1");
    await deleteAs(page, "alice", "alias/prod/pin-encryption");
    await page.getByRole("list", { name: "Entries" }).getByText("approval requested").waitFor();
    await page.getByRole("region", { name: "Slack, on this machine" }).getByText("0 of 2").waitFor();
    await page.close();
  }, 90_000);
  afterAll(async () => await screen.close());

  describe("the console at every size", () => {
    it.each(sizes.flatMap((size) => (["light", "dark"] as const).map((scheme) => [size.width, scheme, size] as const)))(
      "has nothing cut, nothing outside and no serious fault of access: %d px, %s",
      async (width, colorScheme, viewport) => {
        const page = await screen.open({ viewport, colorScheme });
        await page.getByRole("region", { name: "Activity" }).getByText("key usable again").first().waitFor();
        await page.screenshot({ path: join(folder, `console-${width}-${colorScheme}.png`), fullPage: true });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(await cutTexts(page)).toEqual([]);
        expect(await shortened(page, ".row strong")).toEqual([]);
        expect(await outside(page)).toEqual([]);
        expect(await seriousFaults(page)).toEqual([]);
        await page.close();
      },
    );
  });

  async function deleteAs(page: Page, person: string, alias: string): Promise<void> {
    await page.getByLabel("Delete as").selectOption(person);
    await page.getByRole("button", { name: `Delete ${alias}`, exact: true }).click();
  }
}
