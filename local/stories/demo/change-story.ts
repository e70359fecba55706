import { hourMs } from "../../../lib/domain/time.ts";
import { changeLines } from "../../../lib/notices/change-text.ts";
import { remediator } from "../../world/people.ts";
import { type Act, chainOf, inFastTime, make } from "./change-acts.ts";
import type { DemoWorld } from "./demo-world.ts";
import { same } from "./expectations.ts";
import type { Check, Scenario } from "./scenario.ts";

/** What a story about a change comes to. */
export interface Story {
  readonly name: string;
  readonly story: string;
  readonly operation: string;
  /** Prepares the key, and what the inventory knew of it. Returns the call and its subject. */
  readonly begin: (demoWorld: DemoWorld, key: string) => Promise<{ readonly act: Act; readonly subject: string }>;
  readonly entries: readonly string[];
  readonly rule: string;
  readonly outcome: string;
  /** Calls of remediation, by operation; absent where they depend on how long AWS takes. */
  readonly calls?: Readonly<Record<string, number>>;
  readonly holds?: (demoWorld: DemoWorld, key: string, subject: string) => Check;
}

/** Returns the scenario that plays a story and checks what it comes to. */
export function play(story: Story): Scenario {
  const run: Scenario["run"] = async (demoWorld) =>
    await inFastTime(demoWorld, async () => await tell(story, demoWorld));
  return { name: story.name, story: story.story, run };
}

async function tell(story: Story, demoWorld: DemoWorld): ReturnType<Scenario["run"]> {
  const { world } = demoWorld;
  const key = demoWorld.key({ alias: `alias/prod/${story.name}` });
  const { act, subject } = await story.begin(demoWorld, key);
  // Of an earlier act of the story nothing is in the way.
  await world.settle({ advance: true });
  world.clock.jump(hourMs);
  const from = world.controlPlane.calls.length;
  const at = Math.floor(world.clock.now() / 1000) * 1000;
  make(demoWorld, act);
  await world.settle({ advance: true });
  const chain = await chainOf(demoWorld, story.operation, subject, at);
  const entries = chain?.entries ?? [];
  const judged = entries.find((entry) => entry.kind === "change-judged");
  const calls = world.controlPlane.calls
    .slice(from)
    .filter(({ accessKeyId }) => accessKeyId === remediator.accessKeyId);
  const counted = Object.fromEntries(
    [...Map.groupBy(calls, ({ operation }) => operation)].map(([name, each]) => [name, each.length]),
  );
  const checks: Check[] = [
    [
      `entries are ${story.entries.join(", ")}`,
      same(
        entries.map(({ kind }) => kind),
        story.entries,
      ),
    ],
    [`it is judged ${story.outcome} by ${story.rule}`, judged?.outcome === story.outcome && judged.rule === story.rule],
    [`remediation's calls are ${JSON.stringify(story.calls)}`, story.calls === undefined || same(counted, story.calls)],
    ...(story.holds === undefined ? [] : [story.holds(demoWorld, key, subject)]),
  ];
  const shown = chain === undefined ? [] : changeLines(chain, `alias/prod/${story.name}`);
  return { ending: await demoWorld.ending(key), checks, shown };
}
