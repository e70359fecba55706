import { el } from "./element.ts";
import type { VNode } from "./renderer.mjs";
import { section } from "./table.ts";

/** Returns fields that people fill in on paper, one for each of `names`. */
export function blanks(names: readonly string[]): VNode {
  return el(
    "dl",
    undefined,
    names.map((name) => el("div", undefined, el("dt", undefined, name), el("dd", { class: "blank" }, " "))),
  );
}

/** Returns the last section: who prepared and reviewed the report. */
export function signOffSection(): VNode {
  return section(
    "Sign-off",
    el(
      "p",
      undefined,
      "Compare the SHA-256 of the manifest with the one that was given to you by another way, and verify the export yourself: `reprieve audit verify`.",
    ),
    blanks(["Prepared by", "Date", "Reviewed by", "Date", "Conclusion", "Signature"]),
  );
}
