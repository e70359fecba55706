import { describe, expect, it } from "vitest";
import { changelogSection } from "../../scripts/release/changelog-section.ts";
import { shippedVulnerabilities } from "../../scripts/release/shipped-vulnerabilities.ts";

const report = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: {
    valibot: { name: "valibot", severity: "high", range: "<1.5.1", nodes: ["node_modules/valibot"] },
    osls: { name: "osls", severity: "critical", range: "*", nodes: ["node_modules/osls"] },
  },
});

describe("vulnerabilities", () => {
  it("count where the package is in a bundle, and not where it only builds", () => {
    expect(shippedVulnerabilities(report, new Set(["valibot", "@middy/core"]))).toEqual([
      "valibot <1.5.1: high (node_modules/valibot)",
    ]);
    expect(shippedVulnerabilities(report, new Set(["@middy/core"]))).toEqual([]);
  });

  it.each(["", "ENOTFOUND", "{}", '{"auditReportVersion":2}', '{"error":{"code":"E"}}'])(
    "are unknown in an answer that is no report: %s",
    (text) => expect(shippedVulnerabilities(text, new Set(["valibot"]))).toBeUndefined(),
  );
});

describe("the changelog of a release", () => {
  const changelog =
    "# Changelog\n\nText.\n\n## Unreleased\n\n- new\n\n## 0.2.0\n\n### Added\n\n- b\n\n## 0.1.0\n\n- a\n";

  it.each([
    ["0.2.0", "## 0.2.0\n\n### Added\n\n- b\n"],
    ["0.1.0", "## 0.1.0\n\n- a\n"],
    ["0.3.0", "## Unreleased\n\n- new\n"],
  ])("of %s is its section", (version, section) => expect(changelogSection(changelog, version)).toBe(section));

  it("is an error where there is none", () => {
    expect(() => changelogSection("# Changelog\n", "0.1.0")).toThrow(RangeError);
  });
});
