import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldChange } from "../../../lib/domain/change/change-state.ts";
import { parseKeyArn } from "../../../lib/domain/key/key-arn.ts";
import { emptyChain } from "../../../lib/domain/ledger/chain.ts";
import { chainSubject, changeChainName } from "../../../lib/domain/ledger/chain-name.ts";
import {
  type ChangeName,
  changeNameFrom,
  changeNameOf,
  changeNameText,
} from "../../../lib/domain/ledger/change-name.ts";
import { compareChain } from "../../../lib/domain/log/compare-chain.ts";
import { operationNames } from "../../../lib/domain/operations/registry.ts";
import { type Subject, subjectText } from "../../../lib/domain/operations/subject.ts";
import { byRule, changeChainAt, changed, undone } from "../../doubles/change-chains.ts";
import { keyArn } from "../../doubles/key-world.ts";

const hourMs = 3_600_000;
const subjects: readonly Subject[] = [
  { kind: "key", keyArn: keyArn() },
  { kind: "key", keyArn: parseKeyArn(keyArn("k".repeat(64))) ?? keyArn() },
  { kind: "alias", alias: "alias/prod/cvk-1" },
  { kind: "account" },
];
const names = fc.record({
  operation: fc.constantFrom(...operationNames),
  subject: fc.constantFrom(...subjects),
  hour: fc.integer({ min: 0, max: 999_999 }),
});
const chainOf = (name: ChangeName) => changeChainAt(name.hour * hourMs + 1, name, changed(name), byRule, undone);

describe("the name of a chain of changes", () => {
  it("is read back as it was written, and tells what the chain holds", () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(changeNameFrom(changeNameText(name))).toEqual(name);
        expect(chainSubject(changeChainName(name))).toEqual({ kind: "change", name });
      }),
    );
  });

  it("is the one that its first change gives, so that its chain goes on the log", () => {
    fc.assert(
      fc.property(names, (name) => {
        const { name: chainName, texts } = chainOf(name);
        expect(compareChain(undefined, { name: chainName, texts })).toEqual({ lines: texts });
        expect(foldChange(chainOf(name))?.name).toEqual(name);
      }),
    );
  });

  it("is refused for the changes of another operation, subject or hour", () => {
    fc.assert(
      fc.property(names, names, (name, other) => {
        fc.pre(changeNameText(name) !== changeNameText(other));
        const moved = changeChainAt(1, name, changed(other), byRule);
        expect(foldChange(moved)).toBeUndefined();
        const { lines, differs } = compareChain(undefined, { name: moved.name, texts: moved.texts });
        expect([lines, differs?.damage]).toEqual([[], "no-beginning"]);
      }),
    );
  });

  it("is not given by a subject of another form, nor by a chain without a change", () => {
    const [name] = fc.sample(names, 1);
    if (name === undefined) throw new TypeError("no name");
    expect(changeNameOf({ operation: "stop", subject: "arn:aws:s3:::bucket", changedAt: 0 })).toBeUndefined();
    expect(foldChange(emptyChain(changeChainName(name)))).toBeUndefined();
    expect(foldChange(changeChainAt(1, name, byRule))).toBeUndefined();
  });

  it.each([
    ["change#stop#account"],
    ["change#stop#account#01"],
    ["change#stop#account#1#2"],
    ["change#Stop#account#1"],
    ["change#stop#alias/a b#1"],
    [`change#stop#${subjectText(subjects[0] as Subject)}#-1`],
    ["pause#1"],
  ])("is not %s", (text) => {
    expect(changeNameFrom(text)).toBeUndefined();
  });
});
