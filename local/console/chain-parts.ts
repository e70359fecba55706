import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import { chainNameAt } from "../../lib/aws/dynamodb/chain-key.ts";
import type { World } from "../world/world.ts";

interface Options<Part> {
  /** What the partition key of such a chain begins with, such as `case#`. */
  readonly prefix: string;
  /** Returns the chain as the console shows it, or undefined for one that it does not show. */
  readonly partOf: (trail: StoredTrail) => Part | undefined;
  readonly changed: () => void;
}

/** Chains of one kind in the table of a world, as stored: read again after every write to one. */
export class ChainParts<Part extends { readonly name: string }> {
  readonly #world: World;
  readonly #options: Options<Part>;
  readonly #known = new Map<string, Part>();
  /** Items written to since they were read. */
  readonly #stale = new Map<string, { readonly pk: string; readonly sk: string }>();
  #reading = false;

  constructor(world: World, options: Options<Part>) {
    this.#world = world;
    this.#options = options;
    world.hub.observe(({ service, operation, body }) => {
      if (service !== "store" || operation !== "UpdateItem") return;
      const { pk, sk } = (body["Key"] ?? {}) as { pk?: { S?: string }; sk?: { N?: string } };
      if (pk?.S?.startsWith(options.prefix) !== true || sk?.N === undefined) return;
      this.#stale.set(`${pk.S}#${sk.N}`, { pk: pk.S, sk: sk.N });
      void this.#read();
    });
  }

  get all(): readonly Part[] {
    return [...this.#known.values()];
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      for (const [id, key] of this.#stale) {
        this.#stale.delete(id);
        const trail = await readTrail(this.#world, key);
        const part = trail && this.#options.partOf(trail);
        if (part !== undefined) this.#known.set(part.name, part);
        this.#options.changed();
      }
    } catch {
      // The store is gone because the world ends; anyone who looks sees that the connection is gone.
    } finally {
      this.#reading = false;
    }
  }
}

async function readTrail(
  { store, tableName }: World,
  { pk, sk }: { pk: string; sk: string },
): Promise<StoredTrail | undefined> {
  const Key = { pk: { S: pk }, sk: { N: sk } };
  const { Item } = await store.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
  const texts = (Item?.["entries"]?.L ?? []).map(({ S = "" }) => S);
  return texts.length === 0 ? undefined : { case: chainNameAt(Key), texts, head: Item?.["head"]?.S ?? "" };
}
