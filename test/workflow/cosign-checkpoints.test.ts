import { describe, expect, it } from "vitest";
import { cosignedName, objectName } from "../../lib/domain/log/object-name.ts";
import { verifierKey } from "../../lib/domain/log/verifier-key.ts";
import type { WitnessAnswer } from "../../lib/workflows/ports/witness.ts";
import { createKey, createLogWorld, hour, type LogWorld } from "../doubles/log-world.ts";
import { createWitnessWorld } from "../doubles/witness-world.ts";

async function worlds() {
  const world = await createLogWorld();
  const witnessed = await createWitnessWorld([world.key]);
  const newSequencer = () => world.newSequencer({ witness: witnessed.witness });
  return { world, newSequencer, ...witnessed };
}

/** Logs so many hours, of which each has one object. */
async function hours(world: LogWorld, sequencer: ReturnType<LogWorld["newSequencer"]>, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await sequencer.sequence([]);
    world.time.now += hour;
  }
}

const codes = (world: LogWorld) => world.codes().filter((code) => code !== "LOG_WRITTEN");
const cosigned = ({ files }: LogWorld) =>
  [...files.keys()].flatMap((name) => (name.endsWith(".cosigned") ? [Number(name.slice(4, 14))] : []));
const sizesAsked = (asked: readonly { readonly request: string }[]) =>
  asked.map(({ request }) => Number(/^old (\d+)\n/.exec(request)?.[1]));

describe("asking the witness", () => {
  it("has each new checkpoint cosigned once, with a proof from the one before", async () => {
    const { world, newSequencer, asked } = await worlds();
    const sequencer = newSequencer();
    await hours(world, sequencer, 5);
    await sequencer.sequence([]);
    await sequencer.sequence([]);
    expect(cosigned(world)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(sizesAsked(asked)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(codes(world))).toEqual(new Set(["CHECKPOINT_COSIGNED"]));
    expect(sequencer.status()).toMatchObject({ uncosigned: 0 });
  });

  it("takes four calls of the bucket more in an hour, whatever the length of the log", async () => {
    const { world, newSequencer } = await worlds();
    const sequencer = newSequencer();
    for (const count of [4, 30]) {
      await hours(world, sequencer, count);
      world.calls.length = 0;
      await hours(world, sequencer, 1);
      const made = world.calls.filter((call) => call === "list" || call === "read" || call === "write");
      expect(made).toEqual(["list", "write", "write", "read", "read", "read", "write"]);
    }
  });

  it("goes on in a new environment without a question that the witness has to correct", async () => {
    const { world, newSequencer, asked } = await worlds();
    await hours(world, newSequencer(), 3);
    await hours(world, newSequencer(), 1);
    expect(sizesAsked(asked)).toEqual([0, 1, 2, 3]);
  });

  it("does not ask without a witness, and reports nothing of one", async () => {
    const world = await createLogWorld();
    const sequencer = world.newSequencer();
    await hours(world, sequencer, 1);
    expect(sequencer.status()).not.toHaveProperty("uncosigned");
    expect(cosigned(world)).toEqual([]);
  });
});

describe("a witness that does not answer", () => {
  it("stops neither log nor signature, and cosigns only the newest checkpoint when it is back", async () => {
    const { world, newSequencer, asked, state } = await worlds();
    const sequencer = newSequencer();
    await hours(world, sequencer, 2);
    state.down = true;
    await hours(world, sequencer, 40);
    expect(sequencer.status()).toMatchObject({ uncosigned: 1, unsigned: 0 });
    expect(world.files.has(objectName(42))).toBe(true);
    state.down = false;
    await sequencer.sequence([]);
    expect(cosigned(world)).toEqual([1, 2, 43]);
    expect(sizesAsked(asked)).toEqual([0, 1, 2]);
    expect(sequencer.status()).toMatchObject({ uncosigned: 0 });
    expect(codes(world).filter((code) => code === "CHECKPOINT_NOT_COSIGNED")).toHaveLength(40);
  });

  it("is asked again within the hour, before there is anything new", async () => {
    const { world, newSequencer, state } = await worlds();
    const sequencer = newSequencer();
    state.down = true;
    await sequencer.sequence([]);
    state.down = false;
    await sequencer.sequence([]);
    expect(cosigned(world)).toEqual([1]);
  });

  it("is not asked when too little time is left", async () => {
    const { world, newSequencer, asked } = await worlds();
    const sequencer = newSequencer();
    await sequencer.sequence([], () => 19_999);
    expect(asked).toEqual([]);
    expect(world.files.has(objectName(1))).toBe(true);
    expect(sequencer.status()).toMatchObject({ uncosigned: 1 });
  });

  it("is asked although the table cannot be read", async () => {
    const { world, newSequencer, state } = await worlds();
    const sequencer = newSequencer();
    state.down = true;
    await hours(world, sequencer, 1);
    state.down = false;
    world.down.add("scan");
    await expect(sequencer.sequence([])).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(cosigned(world)).toEqual([1]);
  });

  it.each([
    ["refuses", { status: "refused", httpStatus: 403 }],
    [
      "answers with a signature of another key",
      { status: "cosigned", lines: "\u2014 witness.example/log-archive AAAAAAAA\n" },
    ],
    ["answers with lines that are no signatures", { status: "cosigned", lines: "ok\n" }],
  ] as const)("counts as down when it %s", async (_, answer) => {
    const { world, newSequencer, state } = await worlds();
    const sequencer = newSequencer();
    state.answers = () => answer;
    await hours(world, sequencer, 1);
    expect(codes(world)).toEqual(["CHECKPOINT_NOT_COSIGNED"]);
    expect(cosigned(world)).toEqual([]);
    expect(sequencer.status()).toMatchObject({ uncosigned: 1, unsigned: 0 });
  });
});

describe("a witness that knows another size", () => {
  it("gets the proof from there, after a lost answer", async () => {
    const { world, newSequencer, asked, state } = await worlds();
    const sequencer = newSequencer();
    await hours(world, sequencer, 2);
    state.answers = (answer) => (answer.status === "cosigned" ? { status: "refused", httpStatus: 502 } : answer);
    await hours(world, sequencer, 1);
    state.answers = (answer) => answer;
    await hours(world, sequencer, 1);
    expect(sizesAsked(asked)).toEqual([0, 1, 2, 2, 3]);
    expect(cosigned(world)).toEqual([1, 2, 4]);
  });

  it("gets the signature of the same checkpoint again when the bucket could not take it", async () => {
    const { world, newSequencer, asked } = await worlds();
    const sequencer = newSequencer();
    await hours(world, sequencer, 1);
    await sequencer.sequence([]);
    for (const name of [cosignedName(1), cosignedName(2)]) world.files.delete(name);
    await newSequencer().sequence([]);
    expect(sizesAsked(asked)).toEqual([0, 1, 0, 2]);
    expect(cosigned(world)).toEqual([2]);
  });

  it("is found by bisection, over garbage and after objects that have expired", async () => {
    const { world, newSequencer, asked, state } = await worlds();
    const sequencer = newSequencer();
    await hours(world, sequencer, 9);
    state.down = true;
    world.put(objectName(10), "garbage");
    await hours(world, sequencer, 5);
    state.down = false;
    for (const number of [1, 2, 3]) world.files.delete(objectName(number));
    for (const number of cosigned(world)) world.files.delete(cosignedName(number));
    asked.length = 0;
    await newSequencer().sequence([]);
    expect(sizesAsked(asked)).toEqual([0, 9]);
    expect(asked.at(-1)?.answer.status).toBe("cosigned");
    expect(cosigned(world)).toEqual([16]);
    expect(codes(world)).not.toContain("WITNESS_CONTRADICTS");
  });

  it("is reached in steps when the way is long", async () => {
    const { world, newSequencer, state } = await worlds();
    const sequencer = newSequencer();
    await hours(world, sequencer, 1);
    state.down = true;
    await hours(world, sequencer, 600);
    state.down = false;
    const reached: number[][] = [];
    for (let n = 0; n < 3; n++) {
      await sequencer.sequence([]);
      reached.push(cosigned(world).slice(1 + n));
    }
    expect(reached).toEqual([[257], [513], [602]]);
  });
});

describe("a log that is not the one that was cosigned", () => {
  it("is reported when it was made again with the true key", async () => {
    const { world, newSequencer, asked } = await worlds();
    await hours(world, newSequencer(), 4);
    world.files.clear();
    await hours(world, newSequencer(), 1);
    expect(codes(world).at(-1)).toBe("WITNESS_CONTRADICTS");
    expect(world.logged.at(-1)?.fields).toMatchObject({ witnessSize: 4, size: 1 });
    await hours(world, newSequencer(), 4);
    expect(asked.at(-1)?.answer).toEqual({ status: "inconsistent" });
    expect(codes(world).at(-1)).toBe("WITNESS_CONTRADICTS");
  });

  it.each<[string, WitnessAnswer]>([
    ["that names its size", { status: "other-size", size: 4 }],
    ["that names none", { status: "refused", httpStatus: 409 }],
    ["that answers as to a false proof", { status: "inconsistent" }],
  ])("is reported at the same size by a witness %s", async (_, answer) => {
    const { world, newSequencer, state } = await worlds();
    await hours(world, newSequencer(), 4);
    world.files.clear();
    const sequencer = newSequencer();
    await hours(world, sequencer, 3);
    let questions = 0;
    state.answers = () => (questions++ === 0 ? { status: "other-size", size: 4 } : answer);
    await hours(world, sequencer, 1);
    expect(codes(world).at(-1)).toBe("WITNESS_CONTRADICTS");
    expect(world.logged.at(-1)?.fields).toMatchObject({ witnessSize: 4, size: 4 });
  });

  it("is not what a conflict over another size says", async () => {
    const { world, newSequencer, state } = await worlds();
    state.answers = () => ({ status: "refused", httpStatus: 409 });
    await hours(world, newSequencer(), 3);
    expect(codes(world)).not.toContain("WITNESS_CONTRADICTS");
  });

  it("is reported when the witness has a size at which no object begins", async () => {
    const { world, newSequencer, state } = await worlds();
    const chain = ["first", "second", "third"].map((id) => JSON.stringify({ id }));
    world.table.set("case000000000001#1", chain);
    const sequencer = newSequencer();
    await hours(world, sequencer, 2);
    state.answers = (answer) => (answer.status === "cosigned" ? { status: "other-size", size: 1 } : answer);
    await hours(world, sequencer, 1);
    expect(world.object(1).split("\n").length).toBeGreaterThan(3);
    expect(codes(world).at(-1)).toBe("WITNESS_CONTRADICTS");
  });
});

describe("what lies where a cosigned checkpoint belongs", () => {
  it("is reported unless it is one", async () => {
    const { world, newSequencer } = await worlds();
    world.put(cosignedName(1), "garbage\n");
    await hours(world, newSequencer(), 1);
    expect(codes(world)).toContain("COSIGNATURE_WRONG");
  });

  it("is no evidence for a new environment unless the witness's signature holds", async () => {
    const { world, newSequencer, asked } = await worlds();
    await newSequencer().sequence([]);
    world.put(cosignedName(1), Buffer.from(world.files.get("log/0000000001.checkpoint")?.bytes ?? []));
    await newSequencer().sequence([]);
    expect(sizesAsked(asked)).toEqual([0, 0, 1]);
    expect(codes(world)).not.toContain("COSIGNATURE_WRONG");
  });

  it("of another witness is left alone", async () => {
    const { world, newSequencer } = await worlds();
    await hours(world, newSequencer(), 2);
    const other = createKey("witness.example/other");
    const key = verifierKey("witness.example/other", "cosignature", (await other.signer.key()).bytes);
    const next = await createWitnessWorld([world.key], key.name);
    await hours(world, world.newSequencer({ witness: next.witness }), 2);
    expect(codes(world)).not.toContain("COSIGNATURE_WRONG");
    expect(cosigned(world)).toEqual([1, 2, 3, 4]);
  });
});
