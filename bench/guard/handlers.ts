import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqsRecord } from "../../test/doubles/sqs.ts";
import { lastLineOf } from "../alone.ts";
import { environmentFor } from "../cold/environment.ts";
import { type Call, type Deletion, LoopbackAws } from "./loopback-aws.ts";
import { type Handled, processCode } from "./process-code.ts";

type Rounds = readonly (readonly Call[])[];

/** Runs handlers in processes of their own, against services on loopback. */
export class Handlers {
  readonly #aws = new LoopbackAws();
  readonly #folder = mkdtempSync(join(tmpdir(), "reprieve-bench-"));
  #endpoint = "";

  async start(): Promise<void> {
    this.#endpoint = await this.#aws.listen();
  }

  async stop(): Promise<void> {
    rmSync(this.#folder, { recursive: true });
    await this.#aws.close();
  }

  deletions(count: number): readonly Deletion[] {
    return this.#aws.deletions(count);
  }

  /** The guard's handler in the bundle in `folder`, a message an invocation. */
  async guard(folder: string, deletions: readonly Deletion[], warmUp = 0): Promise<Handled> {
    return await this.#run(
      folder,
      deletions.map(({ message }) => ({ Records: [sqsRecord(message)] })),
      warmUp,
    );
  }

  /** The handler of bench/floors/guard-calls.ts: `rounds`, which the guard made for `of`, again for each deletion. */
  async calls(
    folder: string,
    rounds: Rounds,
    deletion: Deletion,
    deletions: readonly Deletion[],
    warmUp = 0,
  ): Promise<Handled> {
    const text = JSON.stringify(rounds);
    const inputs = deletions.map(({ keyArn }) => JSON.parse(text.replaceAll(deletion.keyArn, keyArn)) as Rounds);
    return await this.#run(folder, inputs, warmUp);
  }

  /** The calls that the guard makes for one deletion. */
  async record(folder: string): Promise<{ readonly rounds: Rounds; readonly deletion: Deletion }> {
    const [deletion] = this.deletions(1);
    if (deletion === undefined) throw new TypeError("no deletion");
    this.#aws.takeRounds();
    this.#aws.slowness = 100;
    await this.guard(folder, [deletion]);
    this.#aws.slowness = 0;
    return { rounds: this.#aws.takeRounds(), deletion };
  }

  async #run(folder: string, inputs: readonly object[], warmUp: number): Promise<Handled> {
    const file = join(this.#folder, "inputs.json");
    writeFileSync(file, JSON.stringify(inputs));
    const args = ["--input-type=module", "--eval", processCode(folder, file, warmUp)];
    const handled = JSON.parse(await lastLineOf(args, environmentFor("guard", this.#endpoint))) as Handled;
    if (handled.restoreSent.some((ms) => !(ms > 0))) throw new Error("no RestoreKey was sent");
    return handled;
  }
}
