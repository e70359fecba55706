import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signVote } from "../../cli/vote/sign-vote.ts";
import { verifyCaller } from "../../lib/aws/sts/caller-proof.ts";
import { parseProvenVote } from "../../lib/aws/sts/proven-vote.ts";
import { parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import { stsFetch } from "../../local/aws/sts/sts.ts";

const region = "us-east-1";
const stsUrl = "https://sts.us-east-1.amazonaws.com/";
const audience = "https://a1b2c3.execute-api.us-east-1.amazonaws.com";
const now = 1_716_839_394_000;
const numRuns = process.env["REPRIEVE_DEEP"] ? 20_000 : process.env["REPRIEVE_FEW_RUNS"] ? 300 : 1_500;

const alice = { accessKeyId: "ASIAALICEALICEALICE1", secretAccessKey: "alice's own", sessionToken: "IQoJb3JpZ2lu/+==" };
const identity = {
  Account: "111122223333",
  Arn: "arn:aws:sts::111122223333:assumed-role/Custodian/alice",
  UserId: "AROACUSTODIANCUSTODIA:alice",
};
const callers = { [alice.accessKeyId]: { secret: alice.secretAccessKey, token: alice.sessionToken, identity } };
const sts = stsFetch({ region, now: () => now, callers });

const signed = async (reason: string) => {
  const keyArn = parseKeyArn("arn:aws:payment-cryptography:us-east-1:111122223333:key/kwapwa6qaifllw2h");
  if (keyArn === undefined) throw new TypeError("no key ARN");
  const vote = {
    case: { keyArn, generation: 12 },
    choice: "approve",
    reason,
    expiresAt: now + 120_000,
    audience,
  } as const;
  return await signVote(vote, { region, credentials: alice, now });
};

/** From the text that goes over the wire to the caller, or the code of the refusal. */
async function outcomeOf(text: string): Promise<string | undefined> {
  try {
    const settings = { region, stsUrl, audience, now, fetch: sts.fetch };
    return (await verifyCaller(parseProvenVote(text), settings)).arn;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

type Leaf = { readonly path: readonly string[]; readonly value: string | number };

function leavesOf(value: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof value === "string" || typeof value === "number") return [{ path, value }];
  return Object.entries(value as object).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}

function withLeaf(root: object, [name = "", ...rest]: readonly string[], leaf: unknown): object {
  const inner = (root as Record<string, unknown>)[name];
  return { ...root, [name]: rest.length === 0 ? leaf : withLeaf(inner as object, rest, leaf) };
}

const edit = fc.record({
  how: fc.constantFrom("replace", "insert", "remove"),
  at: fc.nat(),
  leaf: fc.nat(),
  // Whatever a header, a canonical request or a parser may treat as nothing, more often than others.
  character: fc.oneof(
    fc.constantFrom(" ", "\t", "\n", "\r", "0", ";", ",", "/", "\u0000", "\ufeff", "é"),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
});

type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

function changed({ value }: Leaf, { how, at, character }: Edit): string | number {
  const text = String(value);
  const position = at % (text.length + (how === "insert" ? 1 : 0));
  const put = how === "remove" ? "" : character;
  const result = text.slice(0, position) + put + text.slice(position + (how === "insert" ? 0 : 1));
  return typeof value === "number" && /^\d+$/.test(result) ? Number(result) : result;
}

describe("one character of a proven vote", () => {
  it("cannot be changed, in any field: our checks refuse it, or STS does", async () => {
    const seen = new Set<string>();
    const reason = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }).filter((text) => text.trim() !== "");
    await fc.assert(
      fc.asyncProperty(reason, edit, async (text, change) => {
        const proven = await signed(text);
        expect(await outcomeOf(JSON.stringify(proven))).toBe(identity.Arn);
        const leaves = leavesOf(proven);
        const leaf = leaves[change.leaf % leaves.length];
        const value = leaf === undefined ? undefined : changed(leaf, change);
        fc.pre(leaf !== undefined && value !== leaf.value);
        const code = await outcomeOf(JSON.stringify(withLeaf(proven, leaf.path, value)));
        expect(["VOTE_MALFORMED", "VOTE_EXPIRED", "CALLER_UNPROVEN", "CALLER_EXPIRED"]).toContain(code);
        seen.add(leaf.path.join("."));
      }),
      { numRuns },
    );
    expect([...seen].sort()).toEqual([
      "amzDate",
      "authorization",
      "securityToken",
      "vote.audience",
      "vote.case.generation",
      "vote.case.keyArn",
      "vote.choice",
      "vote.expiresAt",
      "vote.reason",
    ]);
  }, 120_000);

  it("cannot be taken away as a whole field", async () => {
    const proven = await signed("mine");
    for (const name of ["authorization", "amzDate", "securityToken"] as const) {
      const { [name]: _, ...rest } = proven;
      expect(await outcomeOf(JSON.stringify(rest))).toMatch(/^(VOTE_MALFORMED|CALLER_UNPROVEN)$/);
    }
  });

  it("reads a vote the same, however the JSON is laid out", async () => {
    const proven = await signed("über ‮ the\nhill");
    expect(await outcomeOf(JSON.stringify(proven, undefined, 2))).toBe(identity.Arn);
  });
});
