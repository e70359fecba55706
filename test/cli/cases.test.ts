import { describe, expect, it } from "vitest";
import type { CliContext } from "../../cli/context.ts";
import { run } from "../../cli/run.ts";
import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import { append, type Chain } from "../../lib/domain/ledger/chain.ts";
import type { EntryBody } from "../../lib/domain/ledger/entry.ts";
import { detection, toAllow, toRestore } from "../doubles/case-builder.ts";
import { chainBefore } from "../doubles/chain-names.ts";
import { day, keyArn, t0 } from "../doubles/key-world.ts";

function trail(id: string, at: number, ...more: readonly EntryBody[]): StoredTrail {
  const name = { keyArn: keyArn(id), generation: 1 };
  const first = detection({ case: name });
  const chain = [first, ...more].reduce<Chain>((made, body) => append(made, body, at), chainBefore(first));
  return { case: `${name.keyArn}#1`, texts: chain.texts, head: chain.head };
}
const usable: readonly EntryBody[] = [
  toRestore,
  { kind: "restore-intended", late: false },
  { kind: "key-restored", enabled: true, how: "answered" },
  { kind: "key-usable", how: "answered", timeToUsableMs: 2_345, despiteRule: false },
];
const aliases = { count: 1, sha256: "f".repeat(64), listed: ["alias/prod/cvk-1"] };
const restored = trail("cases00000000aaa", t0, ...usable, { kind: "key-named", aliases });
const open = trail("cases00000000bbb", t0 + 1000);
const allowed = trail("cases00000000ccc", t0 + 2000, toAllow, { kind: "deletion-allowed", by: "rule" });
const damaged = { ...trail("cases00000000ddd", t0, ...usable), head: "0".repeat(64) };
const by = { voter: { via: "aws", arn: "a", userId: "u" }, reason: "x" } as const;
const pauseRequest = { kind: "pause-requested", number: 1, forMs: 1, person: "alice", ...by } as const;
const pauseChain = append(chainBefore(pauseRequest), pauseRequest, t0);
const pause: StoredTrail = { case: "pause#1", texts: pauseChain.texts, head: pauseChain.head };
const all = [restored, open, allowed, damaged, pause];

const ran = async (args: readonly string[], ...looks: readonly (readonly StoredTrail[] | Error)[]) =>
  await ranIn(undefined, args, ...looks);

async function ranIn(
  columns: number | undefined,
  args: readonly string[],
  ...looks: readonly (readonly StoredTrail[] | Error)[]
) {
  const printed: string[] = [];
  const complained: string[] = [];
  let look = 0;
  const machine: Partial<CliContext> = {
    ...{ version: "0.1.0", region: "us-east-1", colours: false, clock: () => t0 + day, progress: () => {} },
    ...(columns !== undefined && { columns }),
    trails: async function* () {
      const trails = looks[look] ?? [];
      look += 1;
      if (trails instanceof Error) throw trails;
      yield* trails;
    },
    pause: async () => (look < looks.length ? "again" : "stop"),
    print: (line) => void printed.push(line),
    printError: (line) => void complained.push(line),
  };
  const status = await run(["cases", ...args], machine as CliContext);
  return { status, lines: printed, out: printed.join("\n"), err: complained.join("\n") };
}

describe("cases list", () => {
  it("shows each case once, newest first, and no pause", async () => {
    const { status, lines } = await ran(["list"], all);
    expect(status).toBe(0);
    expect(lines.map((line) => line.replace(/\s+/g, " ").slice(0, 60))).toEqual([
      expect.stringContaining("CVK …00000ccc deletion-allowed allow by"),
      expect.stringContaining("CVK …00000bbb open"),
      expect.stringContaining("alias/prod/cvk-1 key-usable restore by some-rule"),
      expect.stringContaining("key …00000ddd damaged"),
    ]);
    expect(lines[2]).toContain("\n  2024-05-27 19:49:54  cases00000000aaa#1");
    expect((await ran(["list", "--arn"], all)).lines[2]).toContain(`2024-05-27 19:49:54  ${restored.case}`);
  });

  it("fits a terminal of 60 columns, without losing a word, and is not broken in a pipe or as JSON", async () => {
    const words = (lines: readonly string[]) => lines.join(" ").split(/\s+/);
    for (const args of [["list"], ["show", restored.case.slice(-5)]]) {
      const [narrow, wide] = [await ranIn(60, args, all), await ran(args, all)];
      const tooLong = narrow.out.split("\n").filter((line) => line.length > 60 && line.trim().includes(" "));
      expect(tooLong.filter((line) => !line.includes(restored.case) && !line.includes(restored.head))).toEqual([]);
      expect(words(narrow.lines)).toEqual(words(wide.lines));
      expect(Math.max(...wide.out.split("\n").map(({ length }) => length))).toBeGreaterThan(60);
    }
    expect((await ranIn(60, ["list", "--json"], all)).lines).toEqual((await ran(["list", "--json"], all)).lines);
  });

  it("with --open shows what is still to be done", async () => {
    const { out } = await ran(["list", "--open", "--json"], all);
    expect(out.split("\n").map((line) => JSON.parse(line).state)).toEqual(["open", "damaged"]);
    expect((await ran(["list", "--open"], [restored])).out).toBe("no case is open");
  });

  it("says what AWS said", async () => {
    const { status, err } = await ran(["list"], new Error("no such table"));
    expect([status, err]).toEqual([
      2,
      expect.stringContaining("the table `reprieve-dev-cases` in us-east-1 cannot be read"),
    ]);
  });
});

describe("cases show", () => {
  it("tells a case entry by entry, and that its chain holds", async () => {
    const { status, out } = await ran(["show", restored.case], all);
    expect(status).toBe(0);
    expect(out.split("\n")[0]).toBe(`alias/prod/cvk-1  ${restored.case}`);
    expect(out).toContain("2024-05-27 19:49:54  key usable again after 2.3 s");
    expect(out).toContain(`✓ 6 entries, every link holds; head ${restored.head}`);
  });

  it("finds it by the end of its name that is one case's alone", async () => {
    expect((await ran(["show", "aaa#1"], all)).out).toContain(restored.case);
    expect(await ran(["show", "#1"], all)).toMatchObject({
      status: 2,
      err: expect.stringContaining("4 keys end with `#1`"),
    });
    expect(await ran(["show", "zzz"], all)).toMatchObject({
      status: 2,
      err: expect.stringContaining("there is no case `zzz`"),
    });
  });

  it("says that a chain does not hold, and where, and ends with 1", async () => {
    expect(await ran(["show", damaged.case], all)).toMatchObject({
      ...{ status: 1, out: expect.stringContaining("✗ the chain does not hold: the head differs") },
    });
    const cut = { ...restored, texts: restored.texts.with(2, restored.texts[1] ?? "") };
    const { status, out } = await ran(["show", cut.case], [cut]);
    expect([status, out]).toEqual([1, expect.stringContaining("entry 3: wrong-seq")]);
    expect(out).toContain("decided: restore");
  });

  it("gives the entries as they were stored", async () => {
    expect((await ran(["show", restored.case, "--json"], all)).lines).toEqual([...restored.texts]);
  });
});

describe("cases watch", () => {
  it("tells what is new with every look, and nothing that was there before", async () => {
    const later = trail("cases00000000bbb", t0 + 1000, ...usable);
    const { lines } = await ran(["watch"], [open], [open], [later, restored]);
    expect(lines[0]).toBe("watching; Ctrl-C ends it");
    expect(lines.slice(1).map((line) => line.replace(/\s+/g, " ").slice(20))).toEqual([
      ...["CVK …00000bbb decided: restore by rule some-rule", "CVK …00000bbb restore intended"],
      ...["CVK …00000bbb key restored, enabled", "CVK …00000bbb key usable again after 2.3 s"],
      ...[
        "alias/prod/cvk-1 deletion detected, requested by alice@example.com",
        "alias/prod/cvk-1 decided: restore by rule some-rule",
      ],
      ...["alias/prod/cvk-1 restore intended", "alias/prod/cvk-1 key restored, enabled"],
      ...[
        "alias/prod/cvk-1 key usable again after 2.3 s",
        "alias/prod/cvk-1 the inventory knows the key as alias/prod/cvk-1",
      ],
    ]);
    const { lines: json } = await ran(["watch", "--json"], [], [open]);
    expect(JSON.parse(json[0] ?? "")).toMatchObject({ case: open.case, entry: { kind: "deletion-detected" } });
  });
});
