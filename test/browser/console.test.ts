import { writeFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";
import { seriousFaults } from "./access.ts";
import { hasBrowser, picture, type Screen, startScreen } from "./browser.ts";

const wanted = process.env["REPRIEVE_BROWSER"] === "1";

/** The row of a key, by its alias. */
const rowOf = (page: Page, alias: string) => page.locator("li.row", { has: page.getByText(alias, { exact: true }) });
const deleteAs = async (page: Page, person: string, alias: string) => {
  await page.getByLabel("Delete as").selectOption(person);
  await page.getByRole("button", { name: `Delete ${alias}`, exact: true }).click();
};
const timeline = (page: Page) => page.getByRole("list", { name: "Entries" });
const slack = (page: Page) => page.getByRole("region", { name: "Slack, on this machine" });
const lastMessage = (page: Page) => slack(page).locator("li.message:not(.reply):not(.whisper)").last();

if (!wanted || !hasBrowser) {
  const why = hasBrowser ? "npm run test:browser runs these" : "apt-get install chromium, then npm run test:browser";
  console.warn(`LEFT OUT: the console in a real browser; ${why}`);
  describe("the console in a browser", () => it.skip(`LEFT OUT: ${why}`, () => {}));
} else {
  let screen: Screen;
  let page: Page;
  beforeAll(async () => {
    screen = await startScreen();
  }, 60_000);
  afterAll(async () => await screen.close());
  beforeEach(async () => {
    page = await screen.open();
    return async () => await page.close();
  });

  describe("a key that a stranger deletes", () => {
    it("comes back and is usable, seen on the page, and its chain is checked in the browser", async () => {
      await deleteAs(page, "mallory", "alias/prod/cvk-1");
      await timeline(page).getByText("key usable again after").waitFor();
      await rowOf(page, "alias/prod/cvk-1").getByText("usable").waitFor();
      await page.getByText("✓ every link holds, as this browser computed it").waitFor();
      await page.getByRole("region", { name: "Activity" }).getByText("key usable again after").waitFor();
      expect(await page.locator(".source .deciding").textContent()).toContain("default: restore");
      await slack(page).getByText("The key is usable again").last().waitFor();
      await picture(page, "restored");
    });

    it("shows each entry as JSON, as it was hashed, to be copied", async () => {
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await timeline(page).getByText("JSON").first().click();
      await page.getByRole("button", { name: "Copy entry 1 as JSON" }).click();
      await page.getByRole("button", { name: "Copied entry 1 as JSON" }).waitFor();
      const copied = await page.evaluate(async () => await navigator.clipboard.readText());
      expect(JSON.parse(copied)).toMatchObject({ kind: "deletion-detected", seq: 1 });
    });
  });

  describe("a key that a stranger stops", () => {
    it("has the change beside its case, with a chain that the browser checks, and can be started there", async () => {
      await page.getByLabel("Delete as").selectOption("mallory");
      await rowOf(page, "alias/prod/cvk-1").locator("button.what").click();
      await page.getByRole("button", { name: "Stop key usage of alias/prod/cvk-1" }).click();
      const changes = page.getByRole("list", { name: "Changes" });
      await changes.getByText("mallory stopped the key").click();
      await changes.getByText("✓ every link holds, as this browser computed it").waitFor();
      await rowOf(page, "alias/prod/cvk-1").getByText("disabled").waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await page.getByRole("button", { name: "Start key usage of alias/prod/cvk-1" }).click();
      await rowOf(page, "alias/prod/cvk-1").getByText("usable").waitFor();
    });
  });

  describe("a key that needs two custodians", () => {
    const alias = "alias/prod/pin-encryption";
    const actAs = async (person: string) => await slack(page).getByLabel("Act as").selectOption({ label: person });
    const approve = async (person: string, reason: string) => {
      await actAs(person);
      await lastMessage(page).getByRole("button", { name: "Approve deletion" }).click();
      await page.getByRole("dialog").getByRole("textbox").fill(reason);
      await page.getByRole("dialog").getByRole("button", { name: "Approve", exact: true }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    };

    it("comes back first, and is asked about in Slack", async () => {
      await deleteAs(page, "alice", alias);
      await timeline(page).getByText("approval requested: 2 of custodians").waitFor();
      await rowOf(page, alias).getByText("usable").waitFor();
      await lastMessage(page).getByText("0 of 2").waitFor();
      await actAs("bob");
      await lastMessage(page).getByRole("button", { name: "Approve deletion" }).scrollIntoViewIfNeeded();
      await picture(page, "asked");
      const deciding = page.locator(".source .deciding");
      expect(await deciding.allTextContents()).toContainEqual(expect.stringContaining("pin-keys-need-two-custodians"));
      expect(await deciding.first().evaluate(isInSight)).toBe(true);
    });

    it("is not approved by the person who deleted it, who is shown why", async () => {
      await actAs("alice");
      await lastMessage(page).getByRole("button", { name: "Approve deletion" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox").fill("it is mine");
      await dialog.getByRole("button", { name: "Approve", exact: true }).click();
      await dialog.getByRole("heading", { name: "Not counted" }).waitFor();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Approve deletion…");
      await timeline(page).getByText("which does not count (own deletion)").waitFor();
    });

    it("goes with the approval of two others: a permit, and the deletion passes", async () => {
      await approve("bob", "CHG-1");
      await lastMessage(page).getByText("1 of 2").waitFor();
      await approve("carol", "CHG-1 too");
      await timeline(page).getByText("permit issued to alice").waitFor();
      await page.emulateMedia({ colorScheme: "dark" });
      await picture(page, "permit");
      screen.world.clock.jump(60_000);
      await deleteAs(page, "alice", alias);
      await timeline(page).getByText("deletion allowed by permit").waitFor();
      await rowOf(page, alias).getByText("DELETE_PENDING").waitFor();
    });

    it("comes back when nobody decides until the deadline: the clock jumps there", async () => {
      await deleteAs(page, "alice", "alias/prod/pvk-1");
      await timeline(page).getByText("approval requested").waitFor();
      await page.getByRole("button", { name: /^to the deadline in/ }).click();
      await timeline(page).getByText("the quorum was not reached in time: the key stays").waitFor();
      await rowOf(page, "alias/prod/pvk-1").getByText("usable").waitFor();
    });
  });

  describe("the policy", () => {
    it("that is saved changes what is said of every key at once, and what the guard does soon after", async () => {
      const row = rowOf(page, "alias/test/terminal-1");
      await page.getByLabel("Delete as").selectOption("mallory");
      await row.getByText("policy: restore (default)").waitFor();
      const rule = `  - id: mallory-may\n    when: { requester: { user: "arn:aws:iam::111122223333:user/mallory" }, key: { arn: "arn:aws:payment-cryptography:us-east-1:111122223333:key/*testterminal0001" } }\n    then: allow\n`;
      writeFileSync(screen.policyFile, screen.policyText.replace("rules:\n", `rules:\n${rule}`));
      await row.getByText("policy: allow (mallory-may)").waitFor();
      await page.getByText("the guard runs it").waitFor();
      await deleteAs(page, "mallory", "alias/test/terminal-1");
      await timeline(page).getByText("decided: allow by rule mallory-may").waitFor();
      await row.getByText("DELETE_PENDING").waitFor();
    });

    it("with a fault says which, and where; the guard keeps the one before", async () => {
      writeFileSync(screen.policyFile, screen.policyText.replace("then: allow", "then: maybe"));
      await page.getByRole("alert").getByText("then").waitFor();
      await page.getByText("the guard still runs the one before").waitFor();
      expect(await page.locator(".source .faulty").count()).toBe(1);
      writeFileSync(screen.policyFile, screen.policyText);
      await page.getByText("the guard runs it").waitFor();
    });
  });

  describe("text that strangers choose", () => {
    it("stays text wherever it is shown: alias, tag and session name", async () => {
      const attack = `<img src=x onerror=alert(1)>`;
      let alerted = false;
      page.on("dialog", async (dialog) => {
        alerted = true;
        await dialog.dismiss();
      });
      const key = screen.world.controlPlane.seed({
        alias: `alias/prod/${attack}`,
        tags: { [attack]: "<script>alert(2)</script>" },
      });
      const userIdentity = {
        type: "IAMUser",
        arn: `arn:aws:iam::111122223333:user/${attack}`,
        accountId: "111122223333",
        userName: attack,
      };
      const caller = { accessKeyId: "AKIAEVIL", userIdentity, sourceIp: "198.51.100.9", userAgent: attack };
      screen.world.controlPlane.handle("DeleteKey", { KeyIdentifier: key, DeleteKeyInDays: 3 }, caller);
      await page.getByRole("region", { name: "Activity" }).getByText("alias/prod/<img src=x").first().waitFor();
      await page
        .getByRole("region", { name: "Activity" })
        .getByRole("button", { name: "alias/prod/<img" })
        .first()
        .click();
      await timeline(page).getByText("key usable again").waitFor();
      // Of a client, a message shows the first word.
      await lastMessage(page).getByText("· <img ·").first().waitFor();
      expect([await page.locator("img").count(), alerted]).toEqual([0, false]);
    });
  });

  describe("anyone who uses no mouse, or needs contrast", () => {
    it.each(["light", "dark"] as const)(
      "meets no serious fault of access, as axe-core sees it: %s",
      async (colorScheme) => {
        await page.emulateMedia({ colorScheme });
        await page.getByRole("region", { name: "Activity" }).getByText("key usable again").first().waitFor();
        expect(await seriousFaults(page)).toEqual([]);
      },
    );

    it("also while a dialog is open", async () => {
      await deleteAs(page, "alice", "alias/prod/pvk-1");
      await timeline(page).getByText("approval requested").waitFor();
      await slack(page).getByLabel("Act as").selectOption({ label: "carol" });
      await lastMessage(page).getByRole("button", { name: "Approve deletion" }).click();
      await page.getByRole("dialog").waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      await page.keyboard.press("Escape");
    });

    it("deletes a key by the keyboard alone", async () => {
      await page.getByLabel("Find").focus();
      await page.keyboard.type("cvk-2");
      await page.keyboard.press("Tab");
      for (let presses = 0; presses < 6; presses++) {
        if (
          (await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))) === "Delete alias/prod/cvk-2"
        )
          break;
        await page.keyboard.press("Tab");
      }
      await page.keyboard.press("Enter");
      await timeline(page).getByText("key usable again after").waitFor();
    });

    it("sees all of it on a narrow screen: nothing is wider than it", async () => {
      const narrow = await screen.open({ viewport: { width: 360, height: 740 } });
      await narrow.getByRole("region", { name: "Keys" }).waitFor();
      expect(await narrow.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await narrow.close();
    });
  });

  describe("two tabs", () => {
    it("each act as a person of their own, and are shown what the policy would decide for that one", async () => {
      const other = await screen.open();
      await page.getByLabel("Delete as").selectOption("the key reaper");
      await page.getByLabel("Waiting period").selectOption("7");
      await rowOf(page, "alias/test/terminal-2").getByText("policy: allow (reaper-cleans-test-keys)").waitFor();
      await rowOf(other, "alias/test/terminal-2").getByText("policy: restore (default)").waitFor();
      expect(await other.getByLabel("Delete as").inputValue()).toBe("mallory");
      await other.close();
    });
  });

  describe("a phone", () => {
    it("has what an act leads to in view, with the way to its case", async () => {
      const phone = await screen.open({ viewport: { width: 375, height: 812 } });
      await deleteAs(phone, "mallory", "alias/prod/cvk-2");
      const latest = phone.getByRole("complementary", { name: "What happened last" });
      await latest.getByText("key usable again after").waitFor();
      const box = await latest.boundingBox();
      expect(box !== null && box.y >= 0 && box.y + box.height <= 812).toBe(true);
      await phone.screenshot({ path: `${root}/.build/screens/phone-consequence.png` });
      await latest.getByRole("button", { name: "Case" }).click();
      await timeline(phone).getByText("key usable again after").waitFor();
      expect(phone.url()).toContain("#/case/");
      await phone.close();
    });
  });

  describe("a service that is broken on purpose", () => {
    it("for the guard only is said where it acts, and keys can still be deleted by hand", async () => {
      await page.getByLabel("Who meets it").selectOption("guard");
      await page.getByLabel("control-plane").selectOption("throttle");
      await page.getByRole("region", { name: "Keys" }).getByText("for the guard only").waitFor();
      await page.getByText("broken on purpose: control-plane").waitFor();
      await deleteAs(page, "mallory", "alias/prod/bdk-1");
      await rowOf(page, "alias/prod/bdk-1").getByText("DELETE_PENDING").waitFor();
      await page.getByRole("button", { name: "Mend everything" }).click();
      await page.getByText("broken on purpose").waitFor({ state: "detached" });
    });
  });

  describe("two thousand keys", () => {
    it("are drawn as far as they are in sight, wherever the list is scrolled", async () => {
      for (let n = screen.world.controlPlane.keys().length; n < 2_000; n++)
        screen.world.controlPlane.seed({ alias: `alias/many/${n}` });
      await page.getByRole("list", { name: "2000 keys" }).waitFor();
      const list = page.locator(".keys .rows");
      for (const part of [0.5, 1]) {
        await list.evaluate((element, to) => element.scrollTo(0, element.scrollHeight * to), part);
        await page.waitForFunction((to) => {
          const rows = [...document.querySelectorAll("li.row")];
          return rows.some((row) => Number(row.getAttribute("aria-posinset")) > 1900 * to);
        }, part);
        expect(await page.locator("li.row").count()).toBeLessThan(60);
      }
      await rowOf(page, "alias/many/1999").waitFor();
    });
  });

  describe("the server that ends", () => {
    it("is said to be gone, and found again by the page itself", async () => {
      const status = page.getByRole("status");
      await screen.restart(async () => await status.filter({ hasText: "Disconnected, trying again" }).waitFor());
      await status.filter({ hasText: "Live" }).waitFor();
      await rowOf(page, "alias/prod/cvk-1").waitFor();
    });
  });
}

/** Whether an element is where the box that scrolls it shows it. */
function isInSight(element: Element): boolean {
  const box = element.parentElement?.getBoundingClientRect();
  const { top, bottom } = element.getBoundingClientRect();
  return box !== undefined && top >= box.top && bottom <= box.bottom;
}
