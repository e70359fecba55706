import { DemoWorld } from "../stories/demo/demo-world.ts";
import type { Scenario } from "../stories/demo/scenario.ts";
import { rememberLabels } from "../world/label-past.ts";
import type { World } from "../world/world.ts";
import type { Activity } from "./activity.ts";

/** Plays the demo's scenarios in a world that people are looking at, one at a time. */
export class ScenarioPlayer {
  readonly #world: World;
  readonly #activity: Activity;
  readonly #scenarios: readonly Scenario[];
  readonly #played = new Set<string>();
  playing: string | undefined;

  /** A scenario that needs a guard of its own, which only observes, is left out. */
  constructor(world: World, activity: Activity, scenarios: readonly Scenario[]) {
    this.#world = world;
    this.#activity = activity;
    this.#scenarios = scenarios.filter(({ observe = false }) => !observe);
  }

  get all(): readonly { readonly name: string; readonly story: string }[] {
    return this.#scenarios.map(({ name, story }) => ({ name, story }));
  }

  /** Begins to play; answers why not, if it does not. The result is reported as activity. */
  play(name: string): string | undefined {
    const scenario = this.#scenarios.find((each) => each.name === name);
    if (scenario === undefined) return "there is no such scenario";
    if (this.playing !== undefined) return `${this.playing} is being played: let it end first`;
    if (scenario.once && this.#played.has(name))
      return "this one plays once only: start the world again to see it again";
    this.playing = name;
    this.#played.add(name);
    this.#activity.addLine(name, scenario.story, "story");
    void this.#run(scenario).finally(() => {
      this.playing = undefined;
      this.#activity.addLine(name, "the end", "story");
    });
    return undefined;
  }

  async #run(scenario: Scenario): Promise<void> {
    const { bus, controlPlane, hub, slack } = this.#world;
    const before = { delivery: bus.delivery, callsPerSecond: controlPlane.callsPerSecond, ...controlPlane.settings };
    // A scenario that needs the service's limit sets it; the others delete faster than it allows.
    controlPlane.limitTo(null);
    const dialogs = new Set(slack.modals.map(({ id }) => id));
    const demoWorld = new DemoWorld(this.#world);
    try {
      const { checks, shown = [] } = await scenario.run(demoWorld);
      for (const line of shown) this.#activity.addLine("mail", line, "story");
      for (const [text, holds] of checks) this.#activity.addLine(holds ? "✓" : "✗", text, holds ? "good" : "bad");
    } catch (error) {
      this.#activity.addLine("✗", error instanceof Error ? error.message : String(error), "bad");
    } finally {
      demoWorld.close();
      // A story that jumps ahead leaves out the inventories of the days between.
      await rememberLabels(this.#world).catch(() => {});
      for (const { id, user } of slack.modals) if (!dialogs.has(id)) await slack.dismiss(user, id).catch(() => {});
      const { delivery, callsPerSecond, ...settings } = before;
      bus.delivery = delivery;
      Object.assign(controlPlane.settings, settings);
      controlPlane.limitTo(callsPerSecond);
      hub.faults.mendAll();
      slack.fault = "up";
    }
  }
}
