import { damageText } from "../../../lib/domain/ledger/chain.ts";
import type { EntryKind } from "../../../lib/domain/ledger/entry.ts";
import type { ControlPlane } from "../../aws/payment-cryptography/control-plane.ts";
import { type CaseTable, readCases } from "../../world/case-reader.ts";
import type { Carried, ObservedCalls } from "../../world/hub/transport.ts";
import { isOurs, remediator } from "../../world/people.ts";
import type { Witnessed } from "./invariants.ts";

interface KeyLine {
  readonly happened: Witnessed["happened"][number][];
  readonly published: { readonly generation: number; readonly seq: number }[];
}

interface OwnEvent {
  readonly DetailType: string;
  readonly Detail: string;
}

/** What a witness looks at. */
export interface WitnessedWorld extends CaseTable {
  readonly hub: ObservedCalls;
  readonly controlPlane: Pick<ControlPlane, "stateOf">;
  /** Every line the functions wrote. */
  readonly log: readonly string[];
}

/** Watches everything that the functions of a world do, for the invariants to judge. */
export class Witness {
  readonly #world: WitnessedWorld;
  readonly #lines = new Map<string, KeyLine>();
  /** Looks away: nothing is noted any more. */
  readonly close: () => void;

  constructor(world: WitnessedWorld) {
    this.#world = world;
    this.close = world.hub.observe((carried) => this.#note(carried));
  }

  /** Every key that a function has done or recorded something about, and every alias that was changed and brought back. */
  get subjects(): readonly string[] {
    return [...this.#lines.keys()];
  }

  async witnessed(keyArn: string): Promise<Witnessed> {
    const line = this.#lineOf(keyArn);
    const cases = await readCases(this.#world, keyArn);
    const gone = this.#world.controlPlane.stateOf(keyArn) === "DELETE_COMPLETE";
    return {
      chains: cases.flatMap(({ reading }) => (reading.ok ? [reading.chain] : [])),
      damaged: cases.flatMap(({ reading, state }) => {
        if (!reading.ok) return [damageText(reading)];
        return state === undefined ? ["item and entries differ"] : [];
      }),
      happened: [...this.#loggedIntents(keyArn), ...line.happened, ...(gone ? ["Destroyed" as const] : [])],
      published: line.published,
    };
  }

  #note(carried: Carried): void {
    const { service, operation, body, status } = carried;
    if (status !== 200) return;
    if (service === "control-plane" && carried.accessKeyId === remediator.accessKeyId) this.#remediated(carried);
    else if (service === "control-plane" && (operation === "RestoreKey" || operation === "StartKeyUsage")) {
      if (isOurs(carried)) this.#lineOf(String(body["KeyIdentifier"])).happened.push(effectOf(operation, carried));
    } else if (service === "store" && operation === "UpdateItem") this.#stored(body);
    else if (service === "bus" && operation === "PutEvents")
      for (const event of body["Entries"] as OwnEvent[]) this.#told(event);
  }

  /** Whatever remediation writes to the control plane undoes something, or starts a key because a person requested it. */
  #remediated({ operation, body }: Carried): void {
    if (/^(Get|List)/.test(operation)) return;
    const { AliasName, ResourceArn, KeyIdentifier } = body;
    this.#lineOf(String(AliasName ?? ResourceArn ?? KeyIdentifier)).happened.push(writtenBy(operation));
  }

  #stored(body: Carried["body"]): void {
    const { Key, ExpressionAttributeValues: values } = body as {
      Key?: { pk?: { S?: string } };
      ExpressionAttributeValues?: { ":added"?: { L?: { S: string }[] } };
    };
    const subject = /^(?:case#|change#[a-z-]+#)(.+)$/.exec(Key?.pk?.S ?? "")?.[1];
    if (subject === undefined) return;
    const kinds = (values?.[":added"]?.L ?? []).map(({ S }) => (JSON.parse(S) as { kind: EntryKind }).kind);
    if (kinds.length > 0) this.#lineOf(subject).happened.push(...kinds);
  }

  #told({ DetailType, Detail }: OwnEvent): void {
    const { case: about, entry } = JSON.parse(Detail) as {
      case?: { keyArn: string; generation?: number };
      entry?: { kind: EntryKind; seq: number };
    };
    if (about === undefined || entry === undefined) return;
    const line = this.#lineOf(about.keyArn);
    if (DetailType.startsWith("unrecorded-")) line.happened.push(entry.kind);
    else line.published.push({ generation: about.generation ?? 0, seq: entry.seq });
  }

  /** With store and bus out of reach the log is what is left to record an intent (ADR 0004). */
  #loggedIntents(keyArn: string): EntryKind[] {
    return this.#world.log
      .filter((line) => line.includes("ACTING_WITHOUT_RECORD") && line.includes(keyArn))
      .flatMap((line) => (JSON.parse(line) as { entries: EntryKind[] }).entries);
  }

  #lineOf(keyArn: string): KeyLine {
    const line = this.#lines.get(keyArn) ?? { happened: [], published: [] };
    this.#lines.set(keyArn, line);
    return line;
  }
}

function effectOf(operation: "RestoreKey" | "StartKeyUsage", { isAnswerLost = false }: Carried) {
  return operation === "RestoreKey" && isAnswerLost ? "RestoreKeyUnanswered" : operation;
}

function writtenBy(operation: string) {
  if (operation === "StartKeyUsage") return "StoppedKeyStarted";
  return operation.endsWith("ResourcePolicy") ? "PolicyWritten" : "StateWritten";
}
