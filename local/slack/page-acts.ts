import * as v from "valibot";
import { type Hands, NothingThereError } from "./hands.ts";

export interface ActAnswer {
  readonly status: number;
  readonly body: object;
}

const id = v.pipe(v.string(), v.maxLength(300));
const clickSchema = v.object({ user: id, channel: id, ts: id, actionId: id });
const submitSchema = v.object({ user: id, viewId: id, values: v.record(id, v.string()) });
const closeSchema = v.object({ user: id, viewId: id });

/** What somebody did on the page. Answers what the app said to it, by its status alone. */
export async function actOnPage(hands: Hands, act: string, body: string): Promise<ActAnswer> {
  try {
    const given: unknown = JSON.parse(body);
    if (act === "click") {
      const { user, channel, ts, actionId } = v.parse(clickSchema, given);
      return done((await hands.click(user, channel, ts, actionId, {})).status);
    }
    if (act === "submit") {
      const { user, viewId, values } = v.parse(submitSchema, given);
      return done((await hands.submit(user, viewId, values, {})).status);
    }
    if (act !== "close") return { status: 404, body: { error: "no such act" } };
    const { user, viewId } = v.parse(closeSchema, given);
    await hands.dismiss(user, viewId);
    return done(200);
  } catch (error) {
    if (error instanceof NothingThereError) return { status: 404, body: { error: error.message } };
    if (error instanceof v.ValiError || error instanceof SyntaxError)
      return { status: 400, body: { error: "expected a press, an answer or a closing" } };
    throw error;
  }
}

function done(app: number): ActAnswer {
  return { status: 200, body: { app } };
}
