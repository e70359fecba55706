import { describe, expect, it } from "vitest";
import { append, emptyChain } from "../../../lib/domain/ledger/chain.ts";
import type { ChainName } from "../../../lib/domain/ledger/chain-name.ts";
import type { EntryBody } from "../../../lib/domain/ledger/entry.ts";
import { belongs } from "../../../lib/domain/log/belongs.ts";
import { chainOfCall, refusedCall } from "../../../lib/domain/stack/refused-calls.ts";
import { entryExamples } from "../../doubles/entry-examples.ts";
import { t0 } from "../../doubles/key-world.ts";
import { attempt, userNamed } from "../../doubles/refused-calls.ts";

const begins = (name: string, body: EntryBody, at = t0): boolean => {
  const [entry] = append(emptyChain(name as ChainName), body, at).entries;
  return entry !== undefined && belongs(entry, name);
};
const call = refusedCall(attempt(1));
const day = new Date(t0).toISOString().slice(0, 10);

describe("an entry of the stack", () => {
  it.each<readonly [string, EntryBody]>([
    [chainOfCall(call), call],
    ["policy#2", entryExamples["policy-in-force"]],
    ["keys#2026-11-29#3", entryExamples["keys-listed"]],
    [`control#${day}#1`, entryExamples["alarm-began"]],
    [`control#${day}#2`, entryExamples["alarm-ended"]],
    [`access#${day}#1`, entryExamples["trail-exported"]],
  ])("begins the chain %s", (name, body) => {
    expect(begins(name, body)).toBe(true);
  });

  it.each<readonly [string, EntryBody]>([
    [chainOfCall(refusedCall(attempt(1, { requester: userNamed("u") }))), call],
    [chainOfCall(refusedCall(attempt(1, { at: t0 + 3_600_000 }))), call],
    ["policy#3", entryExamples["policy-in-force"]],
    ["policy#1", entryExamples["policy-text"]],
    ["keys#2026-11-28#1", entryExamples["keys-listed"]],
    ["control#2001-01-01#1", entryExamples["alarm-began"]],
    [`access#${day}#1`, entryExamples["alarm-began"]],
    [`keys#${day}#1`, entryExamples["trail-exported"]],
    ["access#2001-01-01#1", entryExamples["trail-exported"]],
    [chainOfCall(call), entryExamples["calls-not-recorded"]],
    [`control#${day}#1`, entryExamples["deletion-detected"]],
    ["log", entryExamples["alarm-began"]],
  ])("does not begin the chain %s where it is of another", (name, body) => {
    expect(begins(name, body)).toBe(false);
  });
});

describe("a permit for a change", () => {
  const requested = entryExamples["change-permit-requested"];
  const { change: _change, number: _number, ...terms } = requested;

  it.each<readonly [string, EntryBody]>([
    ["change#alias#alias/prod/cvk-1#495000#permit", { ...terms, change: { hour: 495_000, eventId: "e-3" } }],
    ["change#alias#alias/prod/cvk-1#p4", { ...terms, number: 4 }],
  ])("begins the chain %s", (name, body) => {
    expect(begins(name, body)).toBe(true);
  });

  it.each<readonly [string, EntryBody]>([
    ["change#alias#alias/prod/cvk-1#495001#permit", { ...terms, change: { hour: 495_000, eventId: "e-3" } }],
    ["change#labels#alias/prod/cvk-1#p4", { ...terms, number: 4 }],
    ["change#alias#alias/prod/cvk-2#p4", { ...terms, number: 4 }],
    ["change#alias#alias/prod/cvk-1#p5", { ...terms, number: 4 }],
    ["change#alias#alias/prod/cvk-1#p4", terms],
    ["change#alias#alias/prod/cvk-1#p4", { ...terms, subject: "not a subject", number: 4 }],
  ])("does not begin the chain %s where it is of another", (name, body) => {
    expect(begins(name, body)).toBe(false);
  });
});
