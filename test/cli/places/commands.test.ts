import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CliContext } from "../../../cli/context.ts";
import type { Place } from "../../../cli/places/place.ts";
import type { SignIn } from "../../../cli/places/places-context.ts";
import type { StoredTrail } from "../../../cli/trail/stored-trail.ts";
import { append } from "../../../lib/domain/ledger/chain.ts";
import { root } from "../../../scripts/bundle.ts";
import { textOf } from "../../documents/pages.ts";
import { detection } from "../../doubles/case-builder.ts";
import { chainBefore } from "../../doubles/chain-names.ts";
import { day, keyArn, paymentKey, t0 } from "../../doubles/key-world.ts";
import { accountsText, asNamed, handTimers, placeOf, ranAt } from "../../doubles/places.ts";
import { healthy } from "../../doubles/stack-health.ts";
import { documentedShapes } from "../json-shapes.ts";

const folder = mkdtempSync(join(tmpdir(), "reprieve-places-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function fileOf(places: readonly Place[]): string {
  files += 1;
  const file = join(folder, `${files}.yaml`);
  writeFileSync(file, accountsText(places));
  return file;
}

const [first, empty, foreign, denied, hanging, last] = [
  placeOf(1, { name: "first", region: "eu-west-1" }),
  placeOf(2, { name: "empty" }),
  placeOf(3, { name: "foreign" }),
  placeOf(4, { name: "denied" }),
  placeOf(5, { name: "hanging", profile: "eu" }),
  placeOf(6, { name: "last", stage: "test" }),
];
const all = [first, empty, foreign, denied, hanging, last];

const body = detection({ case: { keyArn: keyArn(), generation: 1 } });
const chain = append(chainBefore(body), body, t0);
const trail: StoredTrail = { case: chain.name, texts: chain.texts, head: chain.head };

/** AWS as the places see it. Rings the timers once nothing but a hanging place is left to wait for. */
function worlds() {
  const asked: string[] = [];
  const { timer, ringAll, running } = handTimers();
  const signIn: SignIn = async (place, bounds) =>
    place.name === "foreign"
      ? { ...(await asNamed(place, bounds)), account: "999999999999" }
      : await asNamed(place, bounds);
  const over: Partial<CliContext> = {
    timer,
    signIn: async () => signIn,
    trails: async function* ({ access, region, table }) {
      asked.push(`${access?.account} ${region} ${table}`);
      if (access?.account === denied.account)
        throw Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
      if (access?.account === hanging.account) {
        setTimeout(ringAll);
        await new Promise<never>((_, reject) =>
          access.signal.addEventListener("abort", () => reject(new Error("ended"))),
        );
      }
      if (access?.account !== empty.account) yield trail;
    },
  };
  return { asked, over, running };
}

const list = async (places: readonly Place[], ...args: readonly string[]) => {
  const { over, asked, running } = worlds();
  const result = await ranAt(["cases", "list", "--accounts", fileOf(places), ...args], over);
  return { ...result, asked, running };
};
const rowsOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe("a list over many places", () => {
  it("has a row for each in the order of the file: what is wrong with one hides no other", async () => {
    const { status, out, err, running } = await list(all);
    expect([status, err, running()]).toEqual([2, [], []]);
    expect(out.filter((line) => !line.startsWith(" "))).toEqual([
      "first 100000000001 eu-west-1",
      "empty 100000000002 us-east-1",
      expect.stringMatching(
        /^✗ foreign 100000000003 us-east-1: WrongAccount: the credentials belong to account 999999999999/,
      ),
      "✗ denied 100000000004 us-east-1: AccessDeniedException: the table `reprieve-prod-cases` in us-east-1 cannot be read: not authorized",
      expect.stringMatching(/^✗ hanging 100000000005 us-east-1: Timeout: no answer within 60 s/),
      "last 100000000006 us-east-1",
      "6 places, 3 without a result; repeat with --only foreign,denied,hanging",
    ]);
    expect(out[1]).toMatch(/^ {2}CVK/);
    expect(out).toContain("  there is no case");
  });

  it("asks nothing of a place whose credentials belong to another account, and each other one in its own Region and stage", async () => {
    const { asked } = await list(all, "--parallel", "1");
    expect(asked).toEqual([
      "100000000001 eu-west-1 reprieve-prod-cases",
      "100000000002 us-east-1 reprieve-prod-cases",
      "100000000004 us-east-1 reprieve-prod-cases",
      "100000000005 us-east-1 reprieve-prod-cases",
      "100000000006 us-east-1 reprieve-test-cases",
    ]);
  });

  it("with --json prints one object for each place, with what docs/command.md lists", async () => {
    const { status, out } = await list(all, "--json");
    const rows = rowsOf(out);
    expect([status, rows.map(({ place, ok }) => [place, ok])]).toEqual([
      2,
      [
        ["first", true],
        ["empty", true],
        ["foreign", false],
        ["denied", false],
        ["hanging", false],
        ["last", true],
      ],
    ]);
    const { always = [], sometimes = [] } = documentedShapes().get("cases list") ?? {};
    const [one, none, wrong] = rows;
    expect(one).toEqual({
      ...{ place: "first", account: first.account, region: "eu-west-1", stage: "prod", ok: true, status: 0 },
      result: [expect.objectContaining({ case: chain.name, state: "open" })],
    });
    const [, line = ""] = /With `--accounts`.*?Its fields: (.*)/.exec(textOf("docs/command.md")) ?? [];
    const documented = [...line.replaceAll(/\([^)]*\)/g, "").matchAll(/`(\w+)`/g)].map(([, field]) => field);
    expect(new Set([...Object.keys(one ?? {}), ...Object.keys(wrong ?? {})])).toEqual(new Set(documented));
    const [listed = {}] = (one?.["result"] ?? []) as object[];
    expect(Object.keys(listed).filter((field) => ![...always, ...sometimes].includes(field))).toEqual([]);
    expect(none).toMatchObject({ ok: true, result: [] });
    expect(wrong).toEqual({
      ...{ place: "foreign", account: foreign.account, region: "us-east-1", stage: "prod", ok: false },
      error: { code: "WrongAccount", message: expect.stringContaining("nothing was asked") },
    });
  });

  it("goes on to --only the places that are named, and ends with 0 where each was asked", async () => {
    const { status, out } = await list(all, "--only", "last,first");
    expect([status, out.filter((line) => !line.startsWith(" "))]).toEqual([
      0,
      ["first 100000000001 eu-west-1", "last 100000000006 us-east-1", "2 places, each was asked"],
    ]);
  });

  it("shows on standard error how many are done, and takes that away before each row", async () => {
    const { over } = worlds();
    const shown: string[] = [];
    const show = (text: string) => void shown.push(text.replace(/^.*% {2}/, ""));
    const print = (line: string) => show(line.trimStart().slice(0, 5));
    await ranAt(["cases", "list", "--accounts", fileOf([first, empty]), "--parallel=1"], {
      ...over,
      progress: show,
      print,
    });
    expect(shown).toEqual([
      "0 of 2 places",
      ...["1 of 2 places", "", "first", "CVK …", "1 of 2 places"],
      ...["2 of 2 places", "", "empty", "there", "2 of 2 places"],
      ...["", "2 pla"],
    ]);
  });

  it.each([
    [["--stage", "prod"], "cannot be used with option `--stage"],
    [["--region", "us-east-1"], "cannot be used with option `--region"],
    [["--local"], "cannot be used with option `--local"],
    [["--parallel", "17"], "expected a whole number from 1 to 16 for --parallel"],
    [["--parallel", "0"], "expected a whole number from 1 to 16 for --parallel"],
    [["--timeout", "1.5"], "expected a whole number from 1 to 86400 for --timeout"],
    [["--only", "nowhere"], "found `nowhere`"],
    [["--state", "dead"], "for --state"],
  ])("refuses %j before anything is asked", async (args, fault) => {
    const { status, err, out, asked } = await list(all, ...args);
    expect([status, out, asked]).toEqual([2, [], []]);
    expect(err[0]).toContain(fault);
  });

  it.each(["--parallel=2", "--only=first", "--timeout=5"])("refuses %s without --accounts", async (option) => {
    const { status, err } = await ranAt(["cases", "list", option], worlds().over);
    expect([status, err[0]]).toEqual([2, expect.stringContaining("expected --accounts FILE with --")]);
  });

  it("goes through 2,000 places", async () => {
    const { status, out } = await list(
      Array.from({ length: 2_000 }, (_, n) => placeOf(n + 1_000)),
      "--json",
      "--parallel",
      "16",
    );
    expect([status, out.length]).toEqual([0, 2_000]);
  });
});

describe("one case among many places", () => {
  const here = { ...first, account: "111122223333", region: "us-east-1" };
  const show = async (name: string, ...args: readonly string[]) => {
    const { over, asked } = worlds();
    const result = await ranAt(["cases", "show", name, "--accounts", fileOf([here, empty, hanging]), ...args], over);
    return { ...result, asked };
  };

  it("is looked for where its key is, and nowhere else", async () => {
    const arn = keyArn();
    expect(arn).toContain(":us-east-1:111122223333:");
    const { status, out, asked } = await show(`${arn}#1`);
    expect([status, asked, out[0]]).toEqual([
      0,
      ["111122223333 us-east-1 reprieve-prod-cases"],
      "first 111122223333 us-east-1",
    ]);
    expect(rowsOf((await show(arn, "--json")).out)).toMatchObject([
      { ok: true, result: [{ kind: "deletion-detected" }] },
    ]);
  });

  it.each([
    ["aaaa#1", "expected the ARN of the key with --accounts"],
    ["arn:aws:payment-cryptography:eu-west-1:111122223333:key/kwapwa6qaifllw2h", "names no place for this"],
  ])("is refused as %s", async (name, fault) => {
    const { status, err, asked } = await show(name);
    expect([status, err[0], asked]).toEqual([2, expect.stringContaining(fault), []]);
  });
});

describe("the status over many places", () => {
  const policy = ["--policy", resolve(root, "policy/policy.yaml")];
  const scan = async (places: readonly Place[]) =>
    await ranAt(["scan", "--accounts", fileOf(places), ...policy], {
      ...worlds().over,
      keys: async ({ access }) => {
        if (access?.account === denied.account) throw Object.assign(new Error("no"), { name: "AccessDenied" });
        const pending = access?.account === empty.account ? [] : [{ arn: keyArn(), usage: "x" }];
        return {
          ...{ pending: async () => pending, tags: async () => ({}), aliases: async () => [] },
          observe: async (arn) => ({ kind: "pending", key: paymentKey({ arn }), deletePendingAt: t0 + day }),
          deletions: async () => new Map(),
        };
      },
    });

  it.each<[string, readonly Place[], number]>([
    ["nothing pending", [empty], 0],
    ["nothing pending, and a place without a result", [empty, denied], 2],
    ["a key that is pending", [first, empty], 1],
    ["a key that is pending, and a place without a result", [first, denied], 1],
  ])("of a scan with %s", async (_, places, status) => {
    expect((await scan(places)).status).toBe(status);
  });

  it("of the doctor is the worst one, and endpoints of the environment are nobody's", async () => {
    const fine = async () => "fine";
    const { status, out } = await ranAt(["doctor", "--accounts", fileOf([first, foreign]), "--json", ...policy], {
      ...worlds().over,
      health: async () => healthy(),
      probes: async () => ({
        caller: fine,
        keys: fine,
        table: fine,
        bucket: fine,
        changesAreRefused: async () => true,
      }),
    });
    const [one, two] = rowsOf(out);
    // The policy of the file is not the deployed one: something was found.
    expect([status, one?.["status"], two?.["ok"]]).toEqual([1, 1, false]);
    expect(one?.["result"]).toContainEqual(expect.objectContaining({ subject: "votes", verdict: "left-out" }));
  });
});
