import { afterAll, describe, expect, it } from "vitest";
import { checkpointName, cosignedName } from "../../lib/domain/log/object-name.ts";
import { verifierKey } from "../../lib/domain/log/verifier-key.ts";
import { exportFolder, exportLog, namesOf, verifyLog } from "../doubles/exported-log.ts";
import { createKey, createLogWorld, hour, type LogWorld } from "../doubles/log-world.ts";
import { createWitnessWorld } from "../doubles/witness-world.ts";

const { next, remove } = exportFolder();
afterAll(remove);

/** A log of four hours, which a witness has cosigned. */
async function witnessedHours() {
  const world = await createLogWorld();
  const witnessed = await createWitnessWorld([world.key]);
  const sequencer = world.newSequencer({ witness: witnessed.witness });
  for (let n = 0; n < 4; n++) {
    if (n > 0) world.time.now += hour;
    await sequencer.sequence([]);
  }
  return { world, sequencer, ...witnessed };
}

async function verdict(world: LogWorld, witnesses: Parameters<typeof verifyLog>[2] = {}): Promise<readonly string[]> {
  const out = next();
  await exportLog(world, out);
  const verified = await verifyLog(world, out, witnesses);
  return [verified.verdict, ...namesOf(verified)];
}

const noteAt = ({ files }: LogWorld, name: string) => Buffer.from(files.get(name)?.bytes ?? []).toString("utf8");

describe("verifying with a witness", () => {
  it("is `whole` when it has cosigned the time asked for", async () => {
    const { world, key } = await witnessedHours();
    expect(await verdict(world, { witnesses: [key] })).toEqual(["whole"]);
  });

  it("is `whole` when it was down in between: the newest checkpoint covers all before it", async () => {
    const { world, key } = await witnessedHours();
    for (const number of [1, 2, 3]) world.files.delete(cosignedName(number));
    expect(await verdict(world, { witnesses: [key] })).toEqual(["whole"]);
  });

  it("is `linked` when it has cosigned nothing", async () => {
    const { world, key } = await witnessedHours();
    for (const number of [1, 2, 3, 4]) world.files.delete(cosignedName(number));
    expect(await verdict(world, { witnesses: [key] })).toEqual(["linked", "not-witnessed"]);
  });

  it("is `linked` when it fell silent before the end of the time asked for", async () => {
    const { world, key, sequencer, state } = await witnessedHours();
    state.down = true;
    for (let n = 0; n < 3; n++) {
      world.time.now += hour;
      await sequencer.sequence([]);
    }
    expect(await verdict(world, { witnesses: [key] })).toEqual(["linked", "not-witnessed"]);
    expect(await verdict(world)).toEqual(["whole"]);
  });

  it("asks every witness that is named", async () => {
    const { world, key } = await witnessedHours();
    const other = verifierKey("witness.example/other", "cosignature", (await createKey().signer.key()).bytes);
    expect(await verdict(world, { witnesses: [key, other] })).toEqual([...["linked", "not-witnessed"]]);
  });

  it.each<[string, (world: LogWorld) => string]>([
    ["with another time in it", (world) => laterBySecond(noteAt(world, cosignedName(4)))],
    [
      "of another checkpoint",
      (world) => `${noteAt(world, checkpointName(4))}${noteAt(world, cosignedName(3)).split("\n").at(-2)}\n`,
    ],
    ["of the checkpoint before", (world) => noteAt(world, cosignedName(3))],
    ["that is no note", () => "cosigned\n"],
    ["that is empty", () => ""],
  ])("is `damaged` by a cosigned checkpoint %s", async (_, forge) => {
    const { world, key } = await witnessedHours();
    const forged = forge(world);
    expect(forged).not.toBe(noteAt(world, cosignedName(4)));
    world.put(cosignedName(4), forged);
    const [verified, ...findings] = await verdict(world, { witnesses: [key] });
    expect(verified).toBe("damaged");
    expect(findings).toContain("cosignature-wrong");
  });
});

/** Changes the time of the witness's signature, which it covers. */
function laterBySecond(note: string): string {
  const lines = note.split("\n");
  const [dash, name, base64 = ""] = (lines.at(-2) ?? "").split(" ");
  const bytes = Buffer.from(base64, "base64");
  bytes.writeUInt8((bytes.readUInt8(11) + 1) % 256, 11);
  return [...lines.slice(0, -2), `${dash} ${name} ${bytes.toString("base64")}`, ""].join("\n");
}
