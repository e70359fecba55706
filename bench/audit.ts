/**
 * How long the verification of a million entries takes, against parsing and hashing the same lines with node:crypto alone, in one run; and how
 * much memory. `--entries N` for another number.
 */
import { hash } from "node:crypto";
import { createReadStream, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { noCheckpoints as checkpoints } from "../cli/audit/checkpoint-source.ts";
import { exportTrail, type StoredTrail } from "../cli/audit/export-trail.ts";
import { verifyTrail } from "../cli/audit/verify-trail.ts";
import { keepMemorySteady } from "../cli/steady-memory.ts";
import { append, type Chain, emptyChain } from "../lib/domain/audit-chain.ts";
import type { EntryBody } from "../lib/domain/entry.ts";
import { detection, toRestore } from "../test/doubles/case-builder.ts";
import { deletionRequest, keyArn, paymentKey } from "../test/doubles/key-world.ts";
import { compareWithFloor, tell } from "./against-floor.ts";

const target = 1.5;
const targetMb = 200;
const entriesPerCase = 8;

const {
  entries = "1000000",
  folder,
  only,
} = parseArgs({
  options: { entries: { type: "string" }, folder: { type: "string" }, only: { type: "string" } },
}).values;

if (only === "verify") await verifying(folder ?? "");
else if (only === "floor") await floor(folder ?? "");
else await compare();

async function compare(): Promise<void> {
  const out = join(mkdtempSync(join(tmpdir(), "reprieve-bench-")), "export");
  const cases = Math.ceil(Number(entries) / entriesPerCase);
  const options = {
    out,
    from: 0,
    to: Number.MAX_SAFE_INTEGER / 2 ** 12,
    source: "bench",
    checkpoints,
    now: 0,
    progress: () => {},
  };
  await exportTrail(trails(cases), options);
  console.log(`${cases * entriesPerCase} entries`);
  compareWithFloor({
    script: import.meta.filename,
    folder: out,
    way: "verify",
    floorText: "parse and hash",
    target,
    targetMb,
  });
  rmSync(join(out, ".."), { recursive: true });
}

async function verifying(out: string): Promise<void> {
  // As the command does.
  keepMemorySteady();
  const began = performance.now();
  const { found } = await verifyTrail(out, () => {});
  if (found > 0) throw new Error("the export is not whole");
  tell(began);
}

async function floor(out: string): Promise<void> {
  const began = performance.now();
  for (const file of readdirSync(out).filter((name) => name.startsWith("entries-"))) {
    let rest = "";
    for await (const chunk of createReadStream(join(out, file), { encoding: "utf8", highWaterMark: 1 << 18 })) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        JSON.parse(line);
        hash("sha256", line);
      }
    }
  }
  tell(began);
}

/** Cases as the guard writes them: what was seen and requested, decided, intended, done. */
async function* trails(cases: number): AsyncIterable<StoredTrail> {
  for (let n = 0; n < cases; n++) {
    const arn = keyArn(String(n).padStart(16, "0"));
    const request = deletionRequest({ target: { kind: "arn", arn }, eventId: `${n}` });
    const first = detection({ case: { keyArn: arn, generation: 1 }, key: paymentKey({ arn }), request });
    const bodies: readonly EntryBody[] = [
      first,
      toRestore,
      { kind: "restore-intended", late: false },
      { kind: "effect-failed", effect: "restore", code: "CONTROL_PLANE_UNAVAILABLE", attempt: 1 },
      { kind: "key-restored", enabled: false, how: "answered" },
      { kind: "usage-start-intended", evidence: "stopped-by-deletion" },
      { kind: "key-usable", timeToUsableMs: 2_345, despiteRule: false },
      { kind: "requester-learned", request },
    ];
    const chain = bodies.reduce<Chain>((before, body) => append(before, body, n), emptyChain);
    yield { case: `${arn}#1`, texts: chain.texts, head: chain.head };
  }
}
