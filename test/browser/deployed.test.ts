import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { root } from "../../scripts/bundle.ts";
import { asked, caseTrail, named, permitTrail, usable } from "../cli/console/trails.ts";
import { byRule, changeChain, changed, stopName, trailOf } from "../doubles/change-chains.ts";
import { awsError, pagedTable } from "../doubles/console-under-test.ts";
import { healthy } from "../doubles/stack-health.ts";
import { cutTexts, outside, seriousFaults } from "./access.ts";
import { hasBrowser } from "./browser.ts";
import { type ConsoleScreen, startConsoleScreen } from "./console-screen.ts";

const wanted = process.env["REPRIEVE_BROWSER"] === "1";
/** A phone, a laptop, a desk. */
const sizes = [
  { width: 375, height: 812 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
] as const;
const folder = resolve(root, ".build/screens");
const now = Date.now();
const hostile = "alias/prod/\u202e<img src=x onerror=alert(1)>";
const some = [
  caseTrail("page000000000aaa", now - 600_000, ...usable, named(["alias/prod/cvk-1"])),
  caseTrail("page000000000bbb", now - 500_000, ...questionUntil(now + 86_400_000), named(["alias/prod/pin-1"])),
  caseTrail("page000000000ccc", now - 400_000, ...usable, named([hostile])),
  { ...caseTrail("page000000000ddd", now - 300_000, ...usable), head: "0".repeat(64) },
  trailOf(changeChain(stopName, changed(stopName), byRule)),
  permitTrail(now + 86_400_000),
];

/** What people are asked, until a time of the real clock. */
function questionUntil(deadline: number) {
  return asked.map((entry) => (entry.kind === "approval-requested" ? { ...entry, deadline } : entry));
}

const list = (page: Page) => page.getByRole("list", { name: "cases and changes" });
const row = (page: Page, name: string) => list(page).getByRole("link", { name });
const live = async (page: Page) => await page.getByRole("status").filter({ hasText: "Live, read" }).waitFor();

if (!wanted || !hasBrowser) {
  const why = hasBrowser ? "npm run test:browser runs these" : "apt-get install chromium, then npm run test:browser";
  describe("the console of a deployed stack", () => it.skip(`LEFT OUT: ${why}`, () => {}));
} else {
  const table = pagedTable(some);
  let screen: ConsoleScreen;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    screen = await startConsoleScreen(table, {
      health: async () => healthy({ scheduleState: async () => "DISABLED" }),
    });
  }, 60_000);
  afterAll(async () => await screen.close());

  describe.each(sizes)("the console of a deployed stack at $width px", (viewport) => {
    it.each(["light", "dark"] as const)("has nothing cut and no serious fault of access: %s", async (colorScheme) => {
      const page = await screen.open({ viewport, colorScheme });
      await live(page);
      await page.getByText("checks need a look").waitFor();
      for (const view of ["list", "case", "vote", "permit", "permit-vote"]) {
        if (view === "case") await row(page, "alias/prod/pin-1").click();
        if (view === "case") await page.getByText("✓ every link holds").waitFor();
        if (view === "vote") await page.getByRole("button", { name: "Approve deletion" }).click();
        if (view === "permit") {
          await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
          await page.getByText("All cases").click();
          await row(page, "permit: alias").click();
          await page.getByText("✓ every link holds").waitFor();
        }
        if (view === "permit-vote") await page.getByRole("button", { name: "Approve change" }).click();
        await page.screenshot({
          path: join(folder, `deployed-${view}-${viewport.width}-${colorScheme}.png`),
          fullPage: !view.endsWith("vote"),
        });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
        expect(await cutTexts(page)).toEqual([]);
        expect(await outside(page)).toEqual([]);
        expect(await seriousFaults(page)).toEqual([]);
      }
      await page.close();
    });

    it("leads from a question to its case, and back with the filter", async () => {
      const page = await screen.open({ viewport });
      await live(page);
      await page.getByLabel("Search").fill("alias/prod");
      await page.getByText("4 of 6").waitFor();
      await page
        .getByRole("region", { name: "Waiting for people" })
        .getByRole("link", { name: "alias/prod/pin-1" })
        .click();
      await page.getByRole("heading", { name: "Case", exact: true }).waitFor();
      await page.getByRole("list", { name: "Entries" }).getByText("approval requested").waitFor();
      expect(page.url()).toContain("?q=alias%2Fprod");
      await page.goBack();
      await page.getByText("4 of 6").waitFor();
      expect(await page.getByLabel("Search").inputValue()).toBe("alias/prod");
      await page.close();
    });

    it("tells a damaged chain, a change, and a stranger's name as what they are", async () => {
      const page = await screen.open({ viewport });
      await live(page);
      await row(page, "key …00000ddd").click();
      await page.getByRole("alert").filter({ hasText: "The chain does not hold: the head differs" }).waitFor();
      await page.getByText("All cases").click();
      await row(page, "stop").click();
      await page.getByRole("heading", { name: "Change", exact: true }).waitFor();
      await page.getByText("All cases").click();
      await row(page, "<img src=x").click();
      await page.getByRole("list", { name: "Entries" }).getByText("key usable again").waitFor();
      expect(await page.locator("img").count()).toBe(0);
      expect(await page.locator("body").textContent()).not.toContain("\u202e");
      await page.close();
    });
  });

  describe("the address", () => {
    it("holds no secret once the page has it, and a case's own address works in another tab", async () => {
      const context = await screen.browser.newContext();
      const page = await context.newPage();
      await page.goto(`${screen.console.url}/#k=${screen.console.secret}`);
      await live(page);
      expect(page.url()).not.toContain(screen.console.secret);
      await row(page, "alias/prod/cvk-1").click();
      await page.getByText("✓ every link holds").waitFor();
      const other = await context.newPage();
      await other.goto(page.url());
      await other.getByRole("list", { name: "Entries" }).getByText("key usable again").waitFor();
      await context.close();
    });

    it("is worth nothing to a browser without the secret", async () => {
      const page = await screen.browser.newPage();
      await page.goto(`${screen.console.url}/#/case//${encodeURIComponent(some[0]?.case ?? "")}`);
      await page.getByRole("alert").filter({ hasText: "This page has no valid secret" }).waitFor();
      expect(await page.locator("body").textContent()).not.toContain("cvk-1");
      await page.close();
    });
  });

  describe("a question about a change", () => {
    it("is in the list of what waits for people, and approved from there as by the command", async () => {
      const sent: unknown[] = [];
      const message = "Approval recorded: 1 of 2. Nothing is permitted yet: 1 more of custodians must approve.";
      const fetch: CliContext["fetch"] = async (_, init) => {
        if (init?.method !== "POST") return new Response(JSON.stringify({ accepted: true, message }));
        sent.push((JSON.parse(String(init.body)) as { vote: unknown }).vote);
        return new Response(JSON.stringify({ receipt: "5e".repeat(32) }), { status: 202 });
      };
      const voting = await startConsoleScreen(pagedTable(some), { fetch });
      const page = await voting.open({ viewport: { width: 375, height: 812 } });
      await live(page);
      const waiting = page.getByRole("region", { name: "Waiting for people" });
      await waiting.getByRole("link", { name: "permit: alias" }).click();
      await page.getByRole("heading", { name: "Permit for a change", exact: true }).waitFor();
      await page.getByRole("button", { name: "Approve change" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Yours alone allows nothing: 2 more are needed.").waitFor();
      await dialog.getByLabel("Reason or ticket").fill("CHG-1");
      await dialog.getByRole("button", { name: "Approve this change" }).click();
      await dialog.getByText(message).waitFor();
      await page.screenshot({ path: join(folder, "deployed-permit-voted-375.png") });
      const permit = permitTrail(now + 86_400_000).case;
      expect(sent).toMatchObject([{ changePermit: { approve: permit }, reason: "CHG-1" }]);
      await voting.close();
    });
  });

  describe("what is saved", () => {
    it("is the list as it is shown", async () => {
      const page = await screen.open();
      await live(page);
      await page.getByLabel("Search").fill("pin-1");
      await page.getByText("1 of 6").waitFor();
      const [csv] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save as CSV" }).click(),
      ]);
      const lines = readFileSync(await csv.path(), "utf8")
        .trimEnd()
        .split("\r\n");
      expect([csv.suggestedFilename(), lines.length]).toEqual(["cases.csv", 2]);
      expect(lines[1]).toContain("alias/prod/pin-1");
      const [json] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save as JSON" }).click(),
      ]);
      expect(JSON.parse(readFileSync(await json.path(), "utf8"))).toMatchObject([{ state: "people-are-asked" }]);
      await page.close();
    });
  });

  describe("a stack that cannot be read", () => {
    it("leaves the data on the page, says since when and what to do, and comes back", async () => {
      const own = pagedTable(some);
      const failing = await startConsoleScreen(own);
      const page = await failing.open();
      await live(page);
      own.failure = awsError("ExpiredTokenException", "The security token included in the request is expired");
      await page.getByRole("button", { name: "Read all now" }).click();
      const alert = page.getByRole("alert").filter({ hasText: "Old data" });
      await alert.getByText("sign in with `aws sso login`").waitFor();
      await row(page, "alias/prod/cvk-1").waitFor();
      own.failure = undefined;
      await page.getByRole("button", { name: "Read all now" }).click();
      await alert.waitFor({ state: "detached" });
      await failing.console.stop();
      await page.getByRole("alert").filter({ hasText: "is reprieve console still running?" }).waitFor();
      await failing.close();
    });

    it("that is gone says so", async () => {
      const own = pagedTable([]);
      own.failure = awsError("ResourceNotFoundException", "Requested resource not found");
      const failing = await startConsoleScreen(own);
      const page = await failing.open();
      await page.getByRole("alert").filter({ hasText: "does not exist: check --stage and --region" }).waitFor();
      await failing.close();
    });
  });

  describe("ten thousand cases", () => {
    it("are drawn as far as they are in sight, wherever the list is scrolled", async () => {
      const template = caseTrail("many000000000000", now - 86_400_000, ...usable);
      const many = Array.from({ length: 10_000 }, (_, n) => {
        const id = `many${String(n).padStart(12, "0")}`;
        // Damaged on purpose where the name does not fit: what is measured is the list.
        return { ...template, case: template.case.replace("many000000000000", id) };
      });
      const large = await startConsoleScreen(pagedTable(many, 400));
      const page = await large.open({ viewport: { width: 1920, height: 1080 } });
      await page.getByText("10,000 of 10,000").waitFor();
      const box = page.locator(".list .rows");
      for (const part of [0.25, 0.5, 1]) {
        await box.evaluate((element, to) => element.scrollTo(0, element.scrollHeight * to), part);
        await page.waitForFunction((to) => {
          const places = [...document.querySelectorAll("li.case-row")].map((each) =>
            Number(each.getAttribute("aria-posinset")),
          );
          return places.some((place) => place > 9_900 * to);
        }, part);
        expect(await page.locator("li.case-row").count()).toBeLessThan(80);
      }
      await page.getByLabel("Search").fill("00004242");
      await page.getByText("1 of 10,000").waitFor();
      await large.close();
    }, 60_000);
  });
}
