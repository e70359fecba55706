import { buildPage } from "../../scripts/page-files.ts";
import type { Scenario } from "../stories/demo/scenario.ts";
import { labelsSeen } from "../world/label-past.ts";
import type { World } from "../world/world.ts";
import { Activity } from "./activity.ts";
import { breakable, castOf, castOfConsole, perform } from "./acts.ts";
import { ChainParts } from "./chain-parts.ts";
import { ConsoleServer } from "./console-server.ts";
import { keyPart } from "./key-parts.ts";
import { LiveParts } from "./live-parts.ts";
import type { Acting, ClockPart, Parts, WorldPart } from "./parts.ts";
import { PolicyWatch } from "./policy-watch.ts";
import { recordPart } from "./record-part.ts";
import { ScenarioPlayer } from "./scenario-player.ts";

export interface ConsoleOptions {
  readonly port: number;
  readonly policyFile: string;
  /** Has the guard of the world run with the policy in the file. */
  readonly deploy: () => Promise<void>;
  readonly scenarios: readonly Scenario[];
  /** Starts the world again as it was at first; the page finds it at the same address. */
  readonly reset?: () => void;
}

export interface Console {
  readonly url: string;
  close(): Promise<void>;
}

/** How often (ms) the page learns of what nobody tells, such as the time. */
const lookEveryMs = 1_000;
/** How often (ms) the console reads the inventory: 32 items. */
const lookAtLabelsEveryMs = 5_000;
/** The clocks of two threads agree no better than this (ms). */
const clockGrainMs = 100;

/** A page on this machine that shows a world and lets people act in it. Throws a PortInUseError. */
export async function startConsole(world: World, options: ConsoleOptions): Promise<Console> {
  let seen: Awaited<ReturnType<typeof labelsSeen>> = new Map();
  const changed = () => live.changed();
  const live = new LiveParts((acting) => partsOf(acting));
  const activity = new Activity(world, changed);
  const cases = new ChainParts(world, { prefix: "case#", partOf: recordPart, changed });
  const changes = new ChainParts(world, { prefix: "change#", partOf: recordPart, changed });
  const policy = new PolicyWatch({ file: options.policyFile, deploy: options.deploy, changed });
  const player = new ScenarioPlayer(world, activity, options.scenarios);
  const reset = options.reset ?? (() => activity.addLine("console", "this world cannot be started again from here"));
  const context = { world, activity, player, deadline: () => nextDeadline()?.at, reset };
  const server = new ConsoleServer({
    files: (await buildPage("local/console/page")).files,
    events: (page, acting) => live.add(page, acting),
    act: async (name, body) => {
      const answer = await perform(context, name, body);
      live.changed();
      return answer;
    },
  });

  /** The inventory changes with a sweep. One that cannot be read says what it said last. */
  async function lookAtLabels(): Promise<void> {
    seen = await labelsSeen(world).catch(() => seen);
    live.changed();
  }

  function nextDeadline(keys = world.controlPlane.keys()): ClockPart["deadline"] {
    const now = world.clock.now();
    const questions = cases.all.flatMap(({ row: { question } }) =>
      question === undefined ? [] : [{ at: question.until, event: "people must have decided" }],
    );
    const deletions = keys.flatMap(({ DeletePendingTimestamp: at }) =>
      at === undefined ? [] : [{ at: at * 1000, event: "a key is gone" }],
    );
    return [...questions, ...deletions].filter(({ at }) => at > now).toSorted((one, other) => one.at - other.at)[0];
  }

  function partsOf(acting: Acting): Partial<Parts> {
    const now = world.clock.now();
    const preview = { person: castOf(acting.person), days: acting.days, now, labelsSeen: seen };
    const keys = world.controlPlane.keys();
    const deadline = nextDeadline(keys);
    const clock: ClockPart = {
      aheadMs: Math.round((now - Date.now()) / clockGrainMs) * clockGrainMs,
      speed: world.clock.speed,
      ...(deadline && { deadline }),
    };
    return {
      ...{ clock, world: worldPart(world, player), slack: world.slack.view, policy: policy.part },
      ...Object.fromEntries(keys.map((key) => [`key/${key.KeyArn}`, keyPart(key, policy.policy, preview)])),
      ...Object.fromEntries(cases.all.map((each) => [`case/${each.name}`, each])),
      ...Object.fromEntries(changes.all.map((each) => [`change/${each.name}`, each])),
      ...Object.fromEntries(
        [...activity.all].map(([lineNumber, line]) => [`line/${String(lineNumber).padStart(9, "0")}`, line]),
      ),
    };
  }

  world.slack.observe(changed);
  world.hub.observe(changed);
  const timer = setInterval(changed, lookEveryMs);
  const labelTimer = setInterval(() => void lookAtLabels(), lookAtLabelsEveryMs);
  await lookAtLabels();
  const url = await server.listen(options.port);
  return {
    url,
    close: async () => {
      clearInterval(timer);
      clearInterval(labelTimer);
      policy.close();
      live.close();
      await server.close();
    },
  };
}

function worldPart(world: World, player: ScenarioPlayer): WorldPart {
  const { account, region } = world.place;
  return {
    ...{ account, region, endpoint: world.endpoint },
    people: castOfConsole.map(([{ name, accessKeyId }, about]) => ({ name, accessKeyId, about })),
    faults: breakable.map((service) => ({
      ...{ service, fault: world.hub.faults.faultOf(service), scope: world.hub.faults.scopeOf(service) },
    })),
    slackFault: world.slack.fault,
    deletionDisablesKey: world.controlPlane.settings.deletionDisablesKey,
    scenarios: player.all,
    ...(player.playing !== undefined && { playing: player.playing }),
  };
}
