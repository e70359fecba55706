import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteKeyCommand,
  PaymentCryptographyClient,
  RestoreKeyCommand,
  TagResourceCommand,
} from "@aws-sdk/client-payment-cryptography";
import type { Decided, Entry } from "../../../lib/domain/ledger/entry.ts";
import type { KeySpec } from "../../aws/payment-cryptography/key-seed.ts";
import { readCases } from "../../world/case-reader.ts";
import { rememberLabels } from "../../world/label-past.ts";
import { guard, type Person, region } from "../../world/people.ts";
import type { World } from "../../world/world.ts";
import { Witness } from "../invariants/witness.ts";

/** What a scenario ended in, as the world shows it afterwards. */
export interface Ending {
  readonly outcome: string;
  readonly keyState: string;
  readonly enabled: boolean;
  /** Calls of the guard, by operation. */
  readonly controlPlaneCalls: Readonly<Record<string, number>>;
  /** Kinds of all entries of the key's cases, in order. */
  readonly entries: readonly Entry["kind"][];
  readonly auditVerified: boolean;
  readonly timeToUsableMs: number | null;
}

/** What a scenario works with: a world, people who act in it, and what can be seen afterwards. */
export class DemoWorld {
  readonly world: World;
  readonly witness: Witness;
  readonly #callsBefore: number;
  readonly #clients = new Map<Person, PaymentCryptographyClient>();
  readonly #made = new Set<string>();
  #held: object[] | undefined;

  constructor(world: World) {
    this.world = world;
    this.witness = new Witness(world);
    this.#callsBefore = world.controlPlane.calls.length;
    world.controlPlane.settings.deletionDisablesKey = false;
    world.bus.delivery = (envelope) => {
      if (this.#held === undefined) return [envelope];
      this.#held.push(envelope);
      return [];
    };
  }

  /** Makes a key that has had its labels for long. An alias that is taken, by an earlier playing of the same scenario, gets a number. */
  key(spec: KeySpec): string {
    const { controlPlane } = this.world;
    const { alias } = spec;
    const arn = controlPlane.seed({ ...spec, ...(alias !== undefined && { alias: this.#free(alias) }) });
    this.#made.add(arn);
    return arn;
  }

  /** Gives a key other tags, and another alias in the place of its own, as `person`. */
  async relabel(
    person: Person,
    arn: string,
    { alias, tags }: Required<Pick<KeySpec, "alias" | "tags">>,
  ): Promise<void> {
    await this.#remember();
    const client = this.#as(person);
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await client.send(new TagResourceCommand({ ResourceArn: arn, Tags }));
    const before = this.world.controlPlane.aliasOf(arn);
    if (before !== undefined) await client.send(new DeleteAliasCommand({ AliasName: before }));
    await client.send(new CreateAliasCommand({ AliasName: this.#free(alias), KeyArn: arn }));
  }

  /** Schedules a deletion as `person`, over HTTP with the AWS SDK. */
  async delete(person: Person, identifier: string, days = 3): Promise<void> {
    await this.#remember();
    await this.#as(person).send(new DeleteKeyCommand({ KeyIdentifier: identifier, DeleteKeyInDays: days }));
  }

  async restoreByHand(person: Person, identifier: string): Promise<void> {
    await this.#as(person).send(new RestoreKeyCommand({ KeyIdentifier: identifier }));
  }

  /** Keeps events from the guard until `release`. */
  hold(): void {
    this.#held = [];
  }

  /** Delivers the events held back; `change` may alter, double or drop each. */
  release(change: (envelope: object) => readonly object[] = (envelope) => [envelope]): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const envelope of held.flatMap(change)) this.world.bus.deliver("default", envelope);
  }

  guardCalls(): Readonly<Record<string, number>> {
    const calls = this.world.controlPlane.calls.slice(this.#callsBefore);
    const counts: Record<string, number> = {};
    // The hourly probe is about no key.
    for (const { operation, accessKeyId, errorName } of calls)
      if (accessKeyId === guard.accessKeyId && errorName !== "ResourceNotFoundException")
        counts[operation] = (counts[operation] ?? 0) + 1;
    return counts;
  }

  async ending(keyArn: string): Promise<Ending> {
    const key = this.world.controlPlane.keys().find(({ KeyArn }) => KeyArn === keyArn);
    const cases = await readCases(this.world, keyArn);
    const entries = cases.flatMap(({ reading }) => (reading.ok ? reading.chain.entries : []));
    const last = cases.at(-1)?.state;
    const usable = entries.find((entry) => entry.kind === "key-usable");
    return {
      outcome:
        last?.end ?? (last?.allowed ? "deletion-allowed" : last?.decision?.mode === "observe" ? "observed" : "none"),
      keyState: key?.KeyState ?? "none",
      enabled: key?.Enabled ?? false,
      controlPlaneCalls: this.guardCalls(),
      // What the inventory calls the key belongs to every story, and is checked where it is the point.
      entries: entries.map(({ kind }) => kind).filter((kind) => kind !== "key-named"),
      auditVerified: cases.every(({ state }) => state !== undefined),
      timeToUsableMs: usable?.timeToUsableMs ?? null,
    };
  }

  /** The first decision on record of a key. */
  async decision(keyArn: string): Promise<Decided | undefined> {
    const cases = await readCases(this.world, keyArn);
    const entries = cases.flatMap(({ reading }) => (reading.ok ? reading.chain.entries : []));
    return entries.find((entry) => entry.kind === "decided");
  }

  close(): void {
    this.witness.close();
    for (const client of this.#clients.values()) client.destroy();
  }

  /** Gives keys that were made since then their past. A story that breaks the store first does without. */
  async #remember(): Promise<void> {
    if (this.#made.size === 0) return;
    const remembered = await rememberLabels(this.world, new Set(this.#made)).then(
      () => true,
      () => false,
    );
    if (remembered) this.#made.clear();
  }

  #free(alias: string): string {
    const taken = new Set(this.world.controlPlane.keys().flatMap(({ aliases }) => aliases));
    const names = [alias, ...Array.from({ length: taken.size }, (_, n) => `${alias}-${n + 2}`)];
    return names.find((each) => !taken.has(each)) ?? alias;
  }

  #as(person: Person): PaymentCryptographyClient {
    const { endpoint } = this.world;
    const credentials = { accessKeyId: person.accessKeyId, secretAccessKey: "local" };
    const client = this.#clients.get(person) ?? new PaymentCryptographyClient({ endpoint, region, credentials });
    this.#clients.set(person, client);
    return client;
  }
}
