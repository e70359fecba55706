import { describe, expect, it } from "vitest";
import { readPolicyYaml } from "../../../../lib/domain/policy/yaml/policy-yaml.ts";

const sound = `version: 1
mode: enforce
default: restore
people:
  alice: { slack: U0ALICE, aws: [alice@example.com], groups: [custodians] }
  bob: { aws: [bob@example.com], groups: [custodians] }
rules:
  - id: reaper
    when:
      key:
        tags: { Environment: [dev, test] }
        alias: "alias/test/*"
      requester:
        role: "arn:aws:iam::111122223333:role/ci/key-reaper"
    then: allow
  - id: pin
    when:
      key: { usage: [TR31_P0_PIN_ENCRYPTION_KEY] }
    then: ask
    approval:
      from: custodians
      quorum: 1
      within: 24h
`;

/** Every fault of `text` as `line:column field message`. */
function faultsOf(text: string): readonly string[] {
  const file = readPolicyYaml(text);
  return file.ok ? [] : file.faults.map(({ line, column, field, message }) => `${line}:${column} ${field} ${message}`);
}

/** The sound file with one text in it replaced. */
function changed(from: string, to: string): string {
  expect(sound).toContain(from);
  return sound.replace(from, () => to);
}

describe("a policy file", () => {
  it("is read as the plain JSON that is hashed, and as a document", () => {
    const file = readPolicyYaml(sound);
    expect(file).toMatchObject({ ok: true, source: { rules: [{ when: { key: { alias: "alias/test/*" } } }, {}] } });
    expect(file).toMatchObject({ document: { rules: [{ when: { key: { alias: ["alias/test/*"] } } }, {}] } });
  });

  it.each<[string, string, string, readonly string[]]>([
    ["an unknown word", "mode: enforce", "mode: on", ["2:1 mode expected observe or enforce"]],
    [
      "an unknown field, at its name",
      "  - id: pin",
      "  - id: pin\n    whem: {}",
      ["17:5 rules.1.whem there is no such field; did you mean `when`"],
    ],
    ["a missing field, at the thing that lacks it", "    then: ask\n", "", ["16:5 rules.1.then is missing"]],
    ["a missing field of an approval", "      quorum: 1\n", "", ["20:5 rules.1.approval.quorum is missing"]],
    [
      "a value deep inside",
      "TR31_P0_PIN_ENCRYPTION_KEY",
      "TR31_P0_PIN",
      [
        "18:14 rules.1.when.key.usage the service knows no usage `TR31_P0_PIN`; did you mean `TR31_P0_PIN_ENCRYPTION_KEY`",
      ],
    ],
    [
      "a duration without its unit",
      "within: 24h",
      "within: 24",
      ["23:7 rules.1.approval.within expected a duration such as 24h"],
    ],
    [
      "a quorum that nobody reaches",
      "quorum: 1",
      "quorum: 2",
      [
        "22:7 rules.1.approval.quorum nobody could reach a quorum of 2: `custodians` has 2 members who can vote, one of whom may be the requester, or an unknown requester who raises the quorum to 3",
      ],
    ],
    ["a rule that is a list", "  - id: pin", "  - text\n  - id: pin", ["16:5 rules.1 expected fields"]],
    [
      "a time zone that does not exist",
      "    then: allow",
      "      request: { window: { timeZone: Mars/Olympus } }\n    then: allow",
      [
        "15:28 rules.0.when.request.window.timeZone there is no time zone `Mars/Olympus`; expected one such as Europe/Berlin",
      ],
    ],
    [
      "a merge key",
      "    then: ask",
      "    <<: { then: ask }",
      ["16:5 rules.1.then is missing", "19:5 rules.1.<< there is no such field"],
    ],
    [
      "an anchor and its alias",
      "mode: enforce\ndefault: restore",
      "mode: &m enforce\ndefault: *m",
      ["2:10  expected no anchor and no alias", "3:10  expected no anchor and no alias"],
    ],
    ["a tag of the language", "mode: enforce", "mode: !!str enforce", ["2:13  expected no tag, found `!!str`"]],
    ["a duplicate field", "default: restore", "default: restore\nmode: observe", ["4:1  duplicated mapping key"]],
    ["two documents", "rules:", "---\nrules:", ["8:1  expected one document, and here begins another"]],
  ])("names the place of %s", (_, from, to, faults) => {
    expect(faultsOf(changed(from, to))).toEqual(faults);
  });

  it.each<[string, string, number]>([
    ["an unknown tag", changed("mode: enforce", "mode: !secret enforce"), 2],
    ["a list that does not end", changed("[dev, test]", "[dev, test"), 11],
    ["a tab for indentation", changed("      key:\n", "\tkey:\n"), 10],
    ["a quote that does not end", changed('"alias/test/*"', '"alias/test/*'), 13],
  ])("names the line of %s", (_, text, line) => {
    const file = readPolicyYaml(text);
    expect(file.ok ? undefined : file.faults[0]?.line).toBe(line);
  });

  it("names every fault at once", () => {
    const text = changed("mode: enforce", "mode: on")
      .replace("then: ask", "then: deny")
      .replace("id: reaper", "id: Reaper");
    expect(faultsOf(text)).toEqual([
      "2:1 mode expected observe or enforce",
      "8:5 rules.0.id expected a name of a-z, 0-9 and -",
      "19:5 rules.1.then expected restore, allow or ask, or notify, revert, ask or allow for other operations",
    ]);
  });

  it.each(["", "# nothing", "null", "restore", "7"])("is not %j", (text) => {
    expect(faultsOf(text)).toHaveLength(1);
  });

  it("may be 2,000,000 characters long, and no longer", () => {
    expect(faultsOf(sound.padEnd(2_000_000, "#"))).toEqual([]);
    expect(faultsOf(sound.padEnd(2_000_001, "#"))).toEqual(["1:1  expected at most 2000000 characters"]);
  });

  it("cannot be blown up by aliases of aliases", () => {
    const bomb = ["a: &a [x]", ...Array.from("bcdefghi", (letter, n) => `${letter}: &${letter} [*${"abcdefgh"[n]}]`)];
    expect(faultsOf(bomb.join("\n"))).toContain("1:7  expected no anchor and no alias");
  });
});
