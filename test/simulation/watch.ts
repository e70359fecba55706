import type { Actors } from "./actors.ts";
import type { Chronicle } from "./chronicle.ts";
import { isIntended } from "./intended.ts";
import { isOurs, remediator } from "./local.ts";
import type { Simulation } from "./world.ts";

/** Calls of remediation that have to be on record before: those that bring an alias or a stopped key back. */
const recorded = ["UpdateAlias", "CreateAlias", "DeleteAlias", "StartKeyUsage"];
const effects = ["RestoreKey", "StartKeyUsage", "StopKeyUsage"];

/** Notes what the stack does to keys, and every change of a key's state, as someone would see it who only watches keys. */
export class Watch {
  readonly #sim: Simulation;
  readonly #chronicle: Chronicle;
  readonly #arns: readonly string[];
  readonly #last = new Map<string, string>();
  /** Control-plane calls of the guard and the sweep. */
  readonly calls: { readonly at: number }[] = [];

  constructor(sim: Simulation, chronicle: Chronicle, arns: readonly string[]) {
    this.#sim = sim;
    this.#chronicle = chronicle;
    this.#arns = arns;
    sim.network.observe(({ port, operation, accessKeyId, body, status }) => {
      const isRemediation = accessKeyId === remediator.accessKeyId;
      if (port !== "control-plane" || !(isOurs({ accessKeyId }) || isRemediation)) return;
      const at = sim.clock.now();
      if (isRemediation) {
        const { AliasName: alias } = body;
        const subject = String(alias ?? body["KeyIdentifier"]);
        if (status === 200 && recorded.includes(operation) && !isIntended(sim.stack.table, subject))
          chronicle.unrecorded.push({ subject, at, operation });
        if (status === 200 && alias !== undefined && operation !== "GetAlias")
          chronicle.aliasEffects.push({ alias: String(alias), at });
        if (operation !== "StartKeyUsage") return;
      }
      this.calls.push({ at });
      if (status !== 200 || !effects.includes(operation)) return;
      chronicle.effects.push({
        key: arns.indexOf(String(body["KeyIdentifier"])),
        at,
        operation,
        undoes: isRemediation,
      });
    });
  }

  /** Looks at every key, and at what people are asked about. */
  look(actors: Actors, onDeath: (key: number) => void): void {
    const at = this.#sim.clock.now();
    this.#sim.stack.controlPlane.tick();
    for (const { KeyArn, KeyState: state, Enabled: enabled } of this.#sim.stack.controlPlane.keys()) {
      const seen = `${state} ${enabled}`;
      if (this.#last.get(KeyArn) === seen) continue;
      this.#last.set(KeyArn, seen);
      const key = this.#arns.indexOf(KeyArn);
      this.#chronicle.sightings.push({ key, at, state, enabled });
      if (state !== "DELETE_COMPLETE") continue;
      this.#chronicle.deaths.push({ key, at });
      onDeath(key);
    }
    this.#noteQuestions(actors, at);
  }

  #noteQuestions(actors: Actors, at: number): void {
    const { kinds, asked, deletions } = this.#chronicle;
    if (this.#chronicle.modeAt(at).mode !== "enforce") return;
    for (const key of new Set(deletions.map((deletion) => deletion.key)))
      if (["pin", "derivation"].includes(kinds[key] ?? "") && actors.slack.isAsked(this.#arns[key] ?? ""))
        asked.push({ key, at, postedAt: actors.slack.postedAt(this.#arns[key] ?? "") });
  }
}
