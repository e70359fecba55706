import { describe, expect, it } from "vitest";
import { operations } from "../../lib/domain/operations/registry.ts";
import { textOf } from "./pages.ts";

/** The rows of the table of operations in policy/README.md, cell by cell. */
function rows(): readonly (readonly string[])[] {
  const [, section = ""] = textOf("policy/README.md").split("## Other operations");
  const lines = (section.split("\n## ")[0] ?? "").split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function spans(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
}

const others = operations.filter(({ name }) => name !== "delete");

describe("the table of operations in policy/README.md", () => {
  it("has a row for each operation", () => {
    expect(rows().map(([name = ""]) => spans(name)[0])).toEqual(others.map(({ name }) => name));
  });

  it.each(others)("has the calls of $name, and what undoes it", ({ name, calls, serviceEvents = [], revert }) => {
    const [, called = "", , , undone = ""] = rows().find(([first]) => first === `\`${name}\``) ?? [];
    expect(spans(called).toSorted()).toEqual([...new Set([...calls, ...serviceEvents])].sort());
    expect(undone === "nothing").toBe(revert === undefined);
  });

  it.each(others)("has the conditions of $name with their values", ({ name, conditions }) => {
    const [, , change = ""] = rows().find(([first]) => first === `\`${name}\``) ?? [];
    expect(spans(change.replaceAll(/\([^)]*\)/g, "")).toSorted()).toEqual(Object.keys(conditions).sort());
    for (const [condition, values] of Object.entries(conditions)) {
      if (values === "text" || values.length > 4) continue;
      const [, inside = ""] = new RegExp(`\`${condition}\` \\(([^)]*)\\)`).exec(change) ?? [];
      expect([condition, spans(inside).toSorted()]).toEqual([condition, [...values].sort()]);
    }
  });
});
