import { expect, it } from "vitest";
import { progressBar } from "../../cli/shell/progress-bar.ts";

it.each([
  [0, 10, `${"░".repeat(30)}   0 %  0 of 10 keys`],
  [5, 10, `${"█".repeat(15)}${"░".repeat(15)}  50 %  5 of 10 keys`],
  [10, 10, `${"█".repeat(30)} 100 %  10 of 10 keys`],
  [11, 10, `${"█".repeat(30)} 100 %  11 of 10 keys`],
  [7, undefined, "7 keys"],
  [7, 0, "7 keys"],
])("a bar for %i of %s", (done, total, bar) => {
  expect(progressBar(done, total, "keys")).toBe(bar);
});
