import { describe, expect, it } from "vitest";
import { chainNameAt, keyOfChain } from "../../../lib/aws/dynamodb/chain-key.ts";
import { principalNumber } from "../../../lib/domain/ledger/calls-name.ts";
import {
  callsChainName,
  caseChainName,
  chainNameFrom,
  chainSubject,
  dayChainName,
  pauseChainName,
  permitChainName,
  policyChainName,
} from "../../../lib/domain/ledger/chain-name.ts";
import { isSamePermit, type PermitId, permitText } from "../../../lib/domain/ledger/permit-name.ts";
import { keyArn } from "../../doubles/key-world.ts";

const arn = keyArn();
const hour = "2026-11-29T14";
const day = "2026-11-29";
const byCase = { by: "case", generation: 2 } as const;
const byRequest = { by: "request", number: 2 } as const;

describe("the name of a chain", () => {
  it.each([
    ["a case", caseChainName({ keyArn: arn, generation: 2 }), `${arn}#2`, `case#${arn}`, "2"],
    ["a permit of a case", permitChainName(arn, byCase), `${arn}#2#permit`, `permit#${arn}`, "2"],
    ["a permit requested beforehand", permitChainName(arn, byRequest), `${arn}#p2`, `permit#${arn}`, "-2"],
    ["a pause", pauseChainName(2), "pause#2", "pause", "2"],
    ["a policy", policyChainName(2), "policy#2", "policy", "2"],
    ["refused calls", callsChainName({ hour, principal: 77 }), `calls#${hour}#77`, `calls#${hour}`, "77"],
    ["a list of keys", dayChainName({ series: "keys", day, number: 3 }), `keys#${day}#3`, `keys#${day}`, "3"],
    ["alarms", dayChainName({ series: "control", day, number: 1 }), `control#${day}#1`, `control#${day}`, "1"],
    ["exports", dayChainName({ series: "access", day, number: 1 }), `access#${day}#1`, `access#${day}`, "1"],
  ])("of %s is read as it is written, and tells where the chain lies", (_, name, text, pk, sk) => {
    expect(name).toBe(text);
    expect(chainNameFrom(text)).toBe(name);
    expect(keyOfChain(name)).toEqual({ pk: { S: pk }, sk: { N: sk } });
    expect(chainNameAt({ pk: { S: pk }, sk: { N: sk } })).toBe(name);
  });

  it("tells what the chain holds", () => {
    expect(chainSubject(`${arn}#2`)).toEqual({ kind: "case", name: { keyArn: arn, generation: 2 } });
    expect(chainSubject(`${arn}#2#permit`)).toEqual({ kind: "permit", keyArn: arn, id: byCase });
    expect(chainSubject(`${arn}#p2`)).toEqual({ kind: "permit", keyArn: arn, id: byRequest });
    expect(chainSubject("pause#2")).toEqual({ kind: "pause", number: 2 });
  });

  it.each([
    ...["", "pause#0", "pause#01", "pause", `${arn}#0`, `${arn}#p0`, `${arn}#p2#permit`, `${arn}#permit`, "x#1"],
    ...["policy#0", "policy", "calls#2026-11-29#1", "calls#2026-11-29T24#1", "calls#2026-11-29T14#01"],
    ...["calls#2026-02-30T14#1", "calls#2026-11-29T14#1234567890123456", "calls#2026-11-29T14"],
    ...["keys#2026-11-29#0", "keys#2026-11-29#10000", "keys#2026-02-30#1", "keys#2026-13-01#1", "labels#2026-11-29#1"],
    ...["keys#2026-11-29#1 ", "keys#2026-11-29T14#1", "access#2026-11-29"],
  ])("is not `%s`", (text) => {
    expect(chainNameFrom(text)).toBeUndefined();
  });

  it("has a number for any principal, however long, that the table takes as a sort key", () => {
    for (const name of ["r", "r".repeat(1_400), "#", "\u0000"]) {
      const principal = principalNumber({ kind: "federated-user", account: "1", arn: name });
      expect(chainNameFrom(callsChainName({ hour, principal }))).toBeDefined();
    }
  });

  it.each([
    ["case#x", "3"],
    ["permit#x", "-3"],
    ["pause", "0"],
    ["pause", "1.5"],
    ["case#pause", "2"],
    ["case#", "2"],
    [`case#${arn}`, "-1"],
    [`case#${arn}#2`, "2"],
    [`permit#${arn}`, "-1.5"],
    [`permit#${arn}`, "-1000000000000000000000"],
    [`permit#${arn}`, "0"],
  ])("of an item `%s` that names none still leads back to that item", (pk, sk) => {
    const place = { pk: { S: pk }, sk: { N: sk } };
    expect(chainNameFrom(chainNameAt(place))).toBeUndefined();
    expect(keyOfChain(chainNameAt(place))).toEqual(place);
  });
});

describe("the identity of a permit", () => {
  it("tells a permit of a case from one requested beforehand under the same number", () => {
    const ids: readonly PermitId[] = [byCase, byRequest, { by: "case", generation: 3 }, { by: "request", number: 3 }];
    expect(ids.map((id) => ids.filter((other) => isSamePermit(id, other)).length)).toEqual([1, 1, 1, 1]);
    expect(ids.map((id) => permitText(arn, id))).toEqual([`${arn}#2`, `${arn}#p2`, `${arn}#3`, `${arn}#p3`]);
  });
});
