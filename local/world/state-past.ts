import { createKnownStates } from "../../lib/aws/dynamodb/known-states.ts";
import { parseKeyArn } from "../../lib/domain/key/key-arn.ts";
import type { Shown } from "../../lib/domain/operations/operation.ts";
import { looksAt, type StateLook } from "../../lib/domain/operations/registry.ts";
import type { Subject } from "../../lib/domain/operations/subject.ts";
import type { ControlPlane } from "../aws/payment-cryptography/control-plane.ts";
import { callerOf, sweeper } from "./people.ts";
import type { World } from "./world.ts";

/**
 * Gives a world a past: as if the sweep had read every key and alias just now, it knows the state to which a change is reverted. Without it the
 * changes of the first five minutes would stand.
 */
export async function rememberStates(world: Pick<World, "controlPlane" | "store" | "tableName" | "clock">) {
  const known = createKnownStates(world.store, world.tableName);
  const at = world.clock.now();
  for (const subject of subjectsOf(world.controlPlane)) {
    for (const { call, shows } of looksAt(subject)) {
      const shown = look(world.controlPlane, call);
      for (const { aspect, stateIn } of shows) {
        const state = stateIn(shown);
        if (state !== undefined) await known.note(aspect, subject, state, at);
      }
    }
  }
}

function subjectsOf(controlPlane: ControlPlane): readonly Subject[] {
  return controlPlane.keys().flatMap(({ KeyArn, aliases }): Subject[] => {
    const keyArn = parseKeyArn(KeyArn);
    const named = aliases.map((alias): Subject => ({ kind: "alias", alias }));
    return keyArn === undefined ? named : [{ kind: "key", keyArn }, ...named];
  });
}

function look(controlPlane: ControlPlane, { call, input }: StateLook["call"]): Shown {
  const { status, body } = controlPlane.handle(call, input, callerOf(sweeper.accessKeyId, "reprieve"));
  const answer: Readonly<Record<string, unknown>> = { ...body };
  return status === 200 ? { answer } : { error: String(answer["__type"]) };
}
