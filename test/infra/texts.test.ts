import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../scripts/bundle.ts";
import { sentencesIn } from "./texts-for-people.ts";

/** Where texts for people are, by their surface (docs/adr/0046). */
const surfaces = [
  // Slack, mail and the command share what a case means; what Slack alone says is beside its blocks.
  ...["lib/notices/", "lib/slack/texts.ts"],
  // The report, the comment on a pull request, and the help of the command.
  ...["cli/report/", "cli/policy/review/review-markdown.ts", "cli/program.ts"],
  // The console's components, and the names of states and orders beside them.
  "cli/console/page/",
  // CloudFormation shows it beside a parameter.
  "lib/release/released-template.ts",
];

describe("texts for people", () => {
  it("are in the modules of their surface, and nowhere else in what is shipped", () => {
    const files = globSync("{lib,functions,cli}/**/*.ts", { cwd: root }).filter(
      (file) => !file.endsWith(".d.ts") && !surfaces.some((surface) => file.startsWith(surface)),
    );
    expect(files.length).toBeGreaterThan(250);
    expect(files.flatMap((file) => sentencesIn(join(root, file)))).toEqual([]);
  });

  it.each([
    ['const text = "Nobody has decided yet.";', 1],
    ["const text = `Approved by nobody in time`;", 1],
    ['const text = "reprieve: a subject";', 1],
    ['const code = "STORE_UNAVAILABLE";', 0],
    ['throw new Error("the table cannot be read");', 0],
    ["// Nobody has decided yet.", 0],
    ['const header = "Content-Type";', 0],
    ['import { guardVersion } from "reprieve:build";', 0],
  ])("are found where they are: %s", (text, count) => {
    const folder = mkdtempSync(join(tmpdir(), "reprieve-texts-"));
    const file = join(folder, "some.ts");
    writeFileSync(file, text);
    expect(sentencesIn(file)).toHaveLength(count);
    rmSync(folder, { recursive: true });
  });
});
