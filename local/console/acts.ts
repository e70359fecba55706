import * as v from "valibot";
import { hourMs } from "../../lib/domain/time.ts";
import type { ServiceName } from "../aws/service-name.ts";
import { NothingThereError } from "../slack/manual-actions.ts";
import { slackFaults } from "../slack/slack-fault.ts";
import { faultScopes, faults } from "../world/hub/faults.ts";
import { rememberLabels } from "../world/label-past.ts";
import { deleteKey, restoreKey, setUsage } from "../world/manual-actions.ts";
import { alice, bob, carol, mallory, type Person, reaper } from "../world/people.ts";
import type { World } from "../world/world.ts";
import type { Activity } from "./activity.ts";
import type { ScenarioPlayer } from "./scenario-player.ts";

/** Those as whom a visitor may delete a key, and what there is to know of each. */
export const castOfConsole: readonly (readonly [Person, string])[] = [
  [mallory, "an IAM user on no list"],
  [alice, "a custodian, through IAM Identity Center"],
  [bob, "a custodian, through IAM Identity Center"],
  [carol, "a custodian, through IAM Identity Center"],
  [reaper, "a role that may delete test keys"],
];

/** The services that a visitor may break. */
export const breakable = [
  ...(["control-plane", "store", "bus", "queue", "secrets", "history", "topic", "sts", "archive"] as const),
] satisfies readonly ServiceName[];

/** What an act works with, and what it may change of the console itself. */
export interface ActContext {
  readonly world: World;
  readonly activity: Activity;
  readonly player: ScenarioPlayer;
  readonly deadline: () => number | undefined;
  /** Starts the world again as it was at first. */
  readonly reset: () => void;
}

/** `trouble`: why it did not come about, in words. */
export interface ActAnswer {
  readonly status: number;
  readonly body: { readonly trouble?: string; readonly app?: number };
}

function isCast(person: string): boolean {
  return castOfConsole.some(([{ name: known }]) => known === person);
}

/** Returns the person of that name, or the first one. */
export function castOf(person: string): Person {
  return castOfConsole.find(([{ name: known }]) => known === person)?.[0] ?? mallory;
}

const id = v.pipe(v.string(), v.maxLength(300));
const name = v.pipe(v.string(), v.maxLength(60));
const days = v.pipe(v.number(), v.integer(), v.minValue(3), v.maxValue(180));
/** A key, and the person of the tab. */
const key = v.object({ key: id, person: v.pipe(name, v.check(isCast, "there is no such person")) });
const acts = {
  delete: act(
    v.object({ ...key.entries, days }),
    async ({ world }, given) => await deleteKey(world, castOf(given.person), given.key, given.days),
  ),
  restore: act(key, async ({ world }, given) => await restoreKey(world, castOf(given.person), given.key)),
  stop: act(key, async ({ world }, given) => await setUsage(world, castOf(given.person), given.key, false)),
  start: act(key, async ({ world }, given) => await setUsage(world, castOf(given.person), given.key, true)),
  reset: act(v.object({}), ({ reset }) => {
    reset();
    return undefined;
  }),
  jump: act(v.object({ to: v.picklist(["hour", "day", "deadline"]) }), jump),
  sweep: act(v.object({}), async ({ world }) => {
    await world.sweep();
    return undefined;
  }),
  fault: act(
    v.object({ service: v.picklist(breakable), fault: v.picklist(faults), scope: v.picklist(faultScopes) }),
    ({ world }, given) => {
      world.hub.faults.set(given.service, given.fault, given.scope);
      return undefined;
    },
  ),
  "slack-fault": act(v.object({ fault: v.picklist(slackFaults) }), ({ world }, given) => {
    world.slack.fault = given.fault;
    return undefined;
  }),
  mend: act(v.object({}), ({ world }) => {
    world.hub.faults.mendAll();
    world.slack.fault = "up";
    return undefined;
  }),
  disabling: act(v.object({ on: v.boolean() }), ({ world }, given) => {
    world.controlPlane.settings.deletionDisablesKey = given.on;
    return undefined;
  }),
  play: act(v.object({ scenario: name }), ({ player }, given) => player.play(given.scenario)),
} as const;

const slackActs = {
  click: v.object({ user: id, channel: id, ts: id, actionId: id }),
  submit: v.object({ user: id, viewId: id, values: v.record(id, v.string()) }),
  close: v.object({ user: id, viewId: id }),
} as const;

/** What someone did on the page. Everything in `body` is hostile. */
export async function perform(context: ActContext, name: string, body: string): Promise<ActAnswer> {
  try {
    const given: unknown = JSON.parse(body);
    if (name.startsWith("slack-") && name !== "slack-fault") return await performInSlack(context.world, name, given);
    if (!Object.hasOwn(acts, name)) return { status: 404, body: { trouble: "there is no such act" } };
    const trouble = await acts[name as keyof typeof acts](context, given);
    return { status: 200, body: trouble === undefined ? {} : { trouble } };
  } catch (error) {
    if (error instanceof NothingThereError) return { status: 404, body: { trouble: error.message } };
    if (error instanceof v.ValiError || error instanceof SyntaxError)
      return { status: 400, body: { trouble: "that is not how this act is done" } };
    throw error;
  }
}

async function performInSlack({ slack }: World, name: string, given: unknown): Promise<ActAnswer> {
  if (name === "slack-click") {
    const { user, channel, ts, actionId } = v.parse(slackActs.click, given);
    return { status: 200, body: { app: (await slack.click(user, channel, ts, actionId)).status } };
  }
  if (name === "slack-submit") {
    const { user, viewId, values } = v.parse(slackActs.submit, given);
    return { status: 200, body: { app: (await slack.submit(user, viewId, values)).status } };
  }
  if (name !== "slack-close") return { status: 404, body: { trouble: "there is no such act" } };
  const { user, viewId } = v.parse(slackActs.close, given);
  await slack.dismiss(user, viewId);
  return { status: 200, body: {} };
}

/** Moves the clock, and has the world see to what is due by then. */
async function jump({ world, activity, deadline }: ActContext, { to }: { to: "hour" | "day" | "deadline" }) {
  const { clock, controlPlane } = world;
  const aheadMs = { hour: hourMs, day: 24 * hourMs, deadline: (deadline() ?? clock.now()) - clock.now() }[to];
  if (aheadMs <= 0) return "there is no deadline to come";
  // The inventories of the days in between are taken, although no sweep runs in them.
  await rememberLabels(world).catch(() => {});
  clock.jump(aheadMs + (to === "deadline" ? 1000 : 0));
  await rememberLabels(world).catch(() => {});
  controlPlane.tick();
  activity.addLine("clock", `it is ${new Date(clock.now()).toISOString().slice(0, 16).replace("T", " ")} UTC`, "story");
  await world.sweep();
  return undefined;
}

/** An act that takes what `schema` describes, and answers what stood in its way. */
function act<Schema extends v.GenericSchema>(
  schema: Schema,
  does: (context: ActContext, given: v.InferOutput<Schema>) => Promise<string | undefined> | string | undefined,
) {
  return async (context: ActContext, given: unknown): Promise<string | undefined> =>
    await does(context, v.parse(schema, given));
}
