import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";
import { pages, proseOf, textOf } from "./pages.ts";

/** Returns the targets of links and images that lie in this repository. */
function targetsIn(prose: string): readonly string[] {
  const targets = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^[a-z][a-z+.-]*:/.test(target));
}

/** Returns the anchors that GitHub makes of the headings of a page. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const headings = text.replaceAll(/^(\s*)```.*\n[\s\S]*?^\1```$/gm, "").matchAll(/^#{1,6} (.+?) *#*$/gm);
  for (const [, heading = ""] of headings) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const anchor = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-");
    let free = anchor;
    for (let n = 1; anchors.has(free); n++) free = `${anchor}-${n}`;
    anchors.add(free);
  }
  return anchors;
}

/** Returns what is wrong with a link, or undefined. */
function faultOf(page: string, target: string): string | undefined {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? resolve(root, page) : resolve(root, dirname(page), decodeURIComponent(path));
  if (relative(root, file).startsWith("..")) return `${target}: outside of the repository`;
  if (!existsSync(file)) return `${target}: no such file`;
  if (anchor === undefined || statSync(file).isDirectory() || !file.endsWith(".md")) return undefined;
  return anchorsOf(readFileSync(file, "utf8")).has(anchor) ? undefined : `${target}: no such heading`;
}

/** Returns the anchors into pages that code comments and messages name. */
function anchorsInCode(text: string): readonly string[] {
  return [...text.matchAll(/\b((?:docs\/)[\w./-]+\.md#[\w-]+)/g)].map(([, target = ""]) => target);
}

describe("a page", () => {
  it.each(pages)("%s links to files and headings that exist", (page) => {
    expect(targetsIn(proseOf(page)).flatMap((target) => faultOf(page, target) ?? [])).toEqual([]);
  });

  it.each(pages)("%s names headings in code spans that exist", (page) => {
    expect(anchorsInCode(textOf(page)).flatMap((target) => faultOf("README.md", target) ?? [])).toEqual([]);
  });
});

describe("a link", () => {
  it.each([
    ["no-such-page.md", "no such file"],
    ["#no-such-heading", "no such heading"],
    ["docs/runbook.md#no-such-heading", "no such heading"],
    ["../elsewhere.md", "outside of the repository"],
  ])("to %s is reported: %s", (target, fault) => {
    expect(faultOf("README.md", target)).toBe(`${target}: ${fault}`);
  });

  it("is found in prose, and not in code", () => {
    const text = 'see [a](x.md), ![b](y.svg "title") and [c](https://example.com)';
    expect(targetsIn(text)).toEqual(["x.md", "y.svg"]);
    expect(targetsIn(proseOf("README.md"))).toContain(join("docs", "comparison.md"));
  });

  it("to a heading is the one that GitHub makes", () => {
    expect([...anchorsOf("# A `b`, [c](d.md): e\n## Twice\n## Twice\n```sh\n# no heading\n```\n")]).toEqual([
      "a-b-c-e",
      "twice",
      "twice-1",
    ]);
  });
});
