import { createChangeBook } from "../../../lib/aws/dynamodb/change-book.ts";
import { createKnownStates } from "../../../lib/aws/dynamodb/known-states.ts";
import { parseKeyArn } from "../../../lib/domain/key/key-arn.ts";
import type { Chain } from "../../../lib/domain/ledger/chain.ts";
import { hourOfChange } from "../../../lib/domain/ledger/change-name.ts";
import type { State } from "../../../lib/domain/operations/state.ts";
import { type Subject, subjectFrom } from "../../../lib/domain/operations/subject.ts";
import { hourMs } from "../../../lib/domain/time.ts";
import { callerOf, type Person } from "../../world/people.ts";
import type { DemoWorld } from "./demo-world.ts";

/** One call that someone makes, and the key it is about. */
export interface Act {
  readonly by: Person;
  readonly call: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Makes a call of the control plane as `by`. Throws where it is refused. */
export function make({ world }: DemoWorld, { by, call, input }: Act): object {
  const { status, body } = world.controlPlane.handle(call, input, callerOf(by.accessKeyId, "aws-cli"));
  if (status !== 200) throw new Error(`${call} answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

export async function remember({ world }: DemoWorld, aspect: string, subject: Subject, state: State): Promise<void> {
  const known = createKnownStates(world.store, world.tableName);
  await known.note(aspect, subject, state, world.clock.now() - hourMs);
}

export function keySubject(key: string): Subject {
  const keyArn = parseKeyArn(key);
  if (keyArn === undefined) throw new Error(`\`${key}\` is no key`);
  return { kind: "key", keyArn };
}

export async function chainOf(
  { world }: DemoWorld,
  operation: string,
  name: string,
  at: number,
): Promise<Chain | undefined> {
  const subject = subjectFrom(name);
  if (subject === undefined) return undefined;
  const book = createChangeBook(world.store, world.tableName);
  return await book.read({ operation, subject, hour: hourOfChange(at) });
}

/** Remediation makes one call in eight seconds while it judges changes: the clock runs so many times as fast meanwhile. */
const speed = 10;

/** Plays a story about changes while the clock runs faster. */
export async function inFastTime<Result>({ world }: DemoWorld, story: () => Promise<Result>): Promise<Result> {
  world.clock.setSpeed(speed);
  return await story().finally(() => world.clock.setSpeed(1));
}
