import { setTimeout as pause } from "node:timers/promises";
import { readCases } from "../../../local/world/case-reader.ts";
import { alice, bob, callerOf, mallory, type Person } from "../../../local/world/people.ts";
import type { Stage } from "./stage.ts";

/** The end of a story: what the stack recorded, the state of the key, and the stack's calls to the control plane. */
export interface Ending {
  readonly entries: readonly string[];
  readonly keyState: string;
  readonly enabled: boolean;
  readonly outcome?: string;
  readonly calls: Readonly<Record<string, number>>;
}

export type Story = (stage: Stage) => Promise<Ending>;

/** The stories, each with a key of its own. */
export const stories: Readonly<Record<string, Story>> = {
  "a deleted key comes back": async (stage) => {
    const key = stage.plane.seed({ keyId: "interopcvk000001", alias: "alias/prod/cvk-interop" });
    return await played(stage, key, async () => {
      deleteKey(stage, mallory, key);
      await until(stage, key, "key-usable");
    });
  },
  "the sweep finds a deletion whose event was lost": async (stage) => {
    const key = stage.plane.seed({
      keyId: "interoplost00001",
      alias: "alias/prod/lost-interop",
      deletionDisables: false,
    });
    return await played(stage, key, async () => {
      stage.deliver(false);
      deleteKey(stage, mallory, key);
      stage.deliver(true);
      await stage.sweep();
      await until(stage, key, "key-usable");
    });
  },
  "a custodian keeps a key by a vote": async (stage) => {
    const usage = "TR31_P0_PIN_ENCRYPTION_KEY";
    const key = stage.plane.seed({
      keyId: "interoppek000001",
      alias: "alias/prod/pin-interop",
      usage,
      algorithm: "TDES_3KEY",
    });
    return await played(stage, key, async () => {
      deleteKey(stage, alice, key);
      await until(stage, key, "approval-requested");
      const outcome = await stage.keep(bob, `${key}#1`);
      if (outcome === "judged true") await until(stage, key, "approval-refused");
      return outcome;
    });
  },
};

async function played(stage: Stage, keyArn: string, act: () => Promise<unknown>): Promise<Ending> {
  const before = stage.plane.calls.length;
  const outcome = await act();
  await stage.settle();
  const calls = stage.plane.calls.slice(before).filter(({ accessKeyId }) => stage.isStack(accessKeyId));
  const counted = Map.groupBy(calls, ({ operation }) => operation);
  const key = stage.plane.keys().find(({ KeyArn }) => KeyArn === keyArn);
  return {
    entries: await entriesOf(stage, keyArn),
    keyState: key?.KeyState ?? "absent",
    enabled: key?.Enabled ?? false,
    ...(typeof outcome === "string" && { outcome }),
    calls: Object.fromEntries([...counted].map(([name, made]) => [name, made.length] as const).sort()),
  };
}

function deleteKey({ plane }: Stage, person: Person, KeyIdentifier: string): void {
  const { status, body } = plane.handle(
    "DeleteKey",
    { KeyIdentifier, DeleteKeyInDays: 3 },
    callerOf(person.accessKeyId, "interop"),
  );
  if (status !== 200) throw new Error(`DeleteKey answered ${JSON.stringify(body)}`);
}

/** Returns the kinds of the entries of all cases of a key. */
export async function entriesOf({ cases }: Stage, keyArn: string): Promise<readonly string[]> {
  const read = await readCases(cases, keyArn);
  return read.flatMap(({ reading }) => (reading.ok ? reading.chain.entries.map(({ kind }) => kind) : ["damaged"]));
}

/** Waits until a case of the key has an entry of this kind. Throws after five minutes, with what there is. */
async function until(stage: Stage, keyArn: string, kind: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if ((await entriesOf(stage, keyArn)).includes(kind)) return;
    await pause(300);
  }
  throw new Error(`no \`${kind}\` after five minutes, but ${(await entriesOf(stage, keyArn)).join(", ") || "nothing"}`);
}
