import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deleteKey } from "../../local/world/manual-actions.ts";
import { alice, bob } from "../../local/world/people.ts";
import { logKeyOf } from "../../local/world/signing-key.ts";
import { hasBrowser, picture, type Screen, startScreen } from "./browser.ts";
import { type ConsoleScreen, startWorldScreen } from "./console-screen.ts";

const wanted = process.env["REPRIEVE_BROWSER"] === "1";

if (!wanted || !hasBrowser) {
  const why = hasBrowser ? "npm run test:browser runs these" : "apt-get install chromium, then npm run test:browser";
  describe("the console over the packaged stack", () => it.skip(`LEFT OUT: ${why}`, () => {}));
} else {
  let screen: Screen;
  let deployed: ConsoleScreen;
  let requests: string[] = [];
  beforeAll(async () => {
    screen = await startScreen();
    screen.world.hub.observe(({ service, operation, accessKeyId }) => {
      if (accessKeyId === bob.accessKeyId) requests.push(`${service} ${operation}`);
    });
    deployed = await startWorldScreen(screen.world);
  }, 90_000);
  afterAll(async () => {
    await deployed.close();
    await screen.close();
  });

  describe("the console over the packaged stack", () => {
    it("shows a deletion, and an approver votes there by signed proof", async () => {
      const page = await deployed.open();
      await deleteKey(screen.world, alice, "alias/prod/pin-encryption", 7);
      await screen.world.settle();
      await page.getByRole("button", { name: "Read all now" }).click();
      await page
        .getByRole("region", { name: "Waiting for people" })
        .getByRole("link", { name: "alias/prod/pin-encryption" })
        .click();
      await page.getByText("✓ every link holds, as this browser computed it").waitFor();
      await picture(page, "deployed");
      await page.getByRole("button", { name: "Approve deletion" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("nobody can restore it").waitFor();
      await dialog.getByText("bob").waitFor();
      const confirm = dialog.getByRole("button", { name: "Approve the deletion" });
      expect(await confirm.isDisabled()).toBe(true);
      await dialog.getByLabel("Reason or ticket").fill("CHG-1");
      await confirm.click();
      await dialog
        .getByRole("alert")
        .filter({ hasText: /recorded|counted|1 of 2/ })
        .waitFor({ timeout: 30_000 });
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.getByText(/1 of 2, from custodians/).waitFor({ timeout: 30_000 });
      await page.getByRole("list", { name: "Entries" }).getByText("CHG-1").first().waitFor();
      await page.close();
    }, 90_000);

    it("asks AWS at most three times in ten seconds while nothing happens, and not at all when no page is open", async () => {
      const page = await deployed.open();
      await page.getByRole("status").filter({ hasText: "Live, read" }).waitFor();
      await page.waitForTimeout(11_000);
      requests = [];
      await page.waitForTimeout(11_000);
      expect(requests.length).toBeLessThanOrEqual(3);
      expect(new Set(requests)).toEqual(new Set(["store Scan"]));
      await page.close();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      requests = [];
      await new Promise((resolve) => setTimeout(resolve, 12_000));
      expect(requests).toEqual([]);
    }, 60_000);

    it("proves in the browser that the entries are in the log", async () => {
      await screen.world.sweep();
      screen.world.clock.jump(3_600_000);
      await screen.world.sweep();
      const page = await deployed.open();
      await page.getByRole("list", { name: "cases and changes" }).getByRole("link").first().click();
      await page.getByRole("button", { name: "Verify against the log" }).click();
      await page.getByText(/✓ \d+ entries are in the log, as this browser computed it/).waitFor({ timeout: 20_000 });
      await page.getByText(logKeyOf(screen.world).name).waitFor();
      await page.close();
    }, 60_000);
  });
}
