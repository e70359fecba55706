import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { caseOf } from "../../lib/domain/case/fold.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { caseNotice } from "../../lib/notices/case-notice.ts";
import { caseMessage } from "../../lib/slack/case-message.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { directoryOf } from "../doubles/directory.ts";
import { everyStanding } from "../doubles/every-standing.ts";
import { keyArn, t0 } from "../doubles/key-world.ts";
import { browserPath, hasBrowser, picture, quiet } from "./browser.ts";
import { linesIn, messagePage } from "./message-page.ts";

const wanted = process.env["REPRIEVE_BROWSER"] === "1";
const name = { keyArn: keyArn(), generation: 1 };
const directory = directoryOf();

function messageOf(bodies: readonly EntryBody[]) {
  const chain = bodies.reduce<Chain>((before, body, n) => append(before, body, t0 + n), chainBefore(bodies[0]));
  return caseMessage(name, caseNotice(caseOf(chain), chain.entries, directory), directory);
}

if (!wanted || !hasBrowser) {
  const why = hasBrowser ? "npm run test:browser runs these" : "apt-get install chromium, then npm run test:browser";
  describe("messages on a phone", () => it.skip(`LEFT OUT: ${why}`, () => {}));
} else {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath, args: quiet });
  });
  afterAll(async () => await browser.close());

  describe("messages on a phone of 375 px", () => {
    it.each(Object.entries(everyStanding))("take 12 lines at most: %s", async (standing, bodies) => {
      const page = await browser.newPage({ viewport: { width: 375, height: 700 } });
      await page.setContent(messagePage([[standing, messageOf(bodies)]]));
      const lines = await page.locator("article").evaluate(linesIn);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
      await page.close();
      expect(lines).toBeLessThanOrEqual(12);
    });

    it("are all in the picture of the docs", async () => {
      const page = await browser.newPage({ viewport: { width: 1125, height: 700 } });
      await page.setContent(
        messagePage(Object.entries(everyStanding).map(([standing, bodies]) => [standing, messageOf(bodies)])),
      );
      // Three phones side by side.
      await page.addStyleTag({ content: "body { width: 1125px; columns: 3; } article { break-inside: avoid; }" });
      expect(await page.locator("article").count()).toBe(Object.keys(everyStanding).length);
      await picture(page, "messages", { fullPage: true });
      await page.close();
    });
  });
}
