import { source as axe } from "axe-core";
import type { Page } from "playwright-core";

/** Returns the faults of access that axe-core calls serious or worse, each with where it is. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return await page.evaluate(async () => {
    const { axe: checker } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }> };
    };
    const { violations } = await checker.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  });
}

/** Returns the texts that are cut off sideways: wider than the box that hides the rest, without an ellipsis that says so. */
export async function cutTexts(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("body *")]
      .filter((element) => {
        const { overflowX, textOverflow } = getComputedStyle(element);
        const hides = overflowX === "hidden" || overflowX === "clip";
        return hides && textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 1;
      })
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent.slice(0, 60)}`),
  );
}

/** Returns the texts of elements that match `selector` and end with an ellipsis, because they have no room. */
export async function shortened(page: Page, selector: string): Promise<string[]> {
  return await page
    .locator(selector)
    .evaluateAll((elements) =>
      elements.filter((element) => element.scrollWidth > element.clientWidth + 1).map((element) => element.textContent),
    );
}

/** Returns the buttons, fields and links that a narrow screen leaves outside of its width. */
export async function outside(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, select, input, textarea, a, h1, h2")]
      .filter((element) => {
        const { left, right, width, height } = element.getBoundingClientRect();
        const isShown = width > 1 && height > 1 && !element.matches(".skip");
        // What lies in a box that scrolls sideways can be reached.
        const scrolls = element.closest(".source, pre") !== null;
        return isShown && !scrolls && (left < 0 || right > document.documentElement.clientWidth + 1);
      })
      .map((element) => `${element.tagName.toLowerCase()} ${element.textContent.slice(0, 40)}`),
  );
}
