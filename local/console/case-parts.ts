import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { createColors } from "picocolors";
import { listCases, showCase } from "../../cli/cases/case-list.ts";
import type { StoredTrail } from "../../cli/trail/stored-trail.ts";
import { chainNameAt } from "../../lib/aws/dynamodb/chain-key.ts";
import { caseNameFrom } from "../../lib/domain/ledger/case-name.ts";
import { recordSentence } from "../../lib/notices/entry-sentence.ts";
import type { World } from "../world/world.ts";
import type { CasePart } from "./parts.ts";

const plain = createColors(false);

/** The cases of a world as stored in its table: read again after every write to one. */
export class CaseParts {
  readonly #world: World;
  readonly #changed: () => void;
  readonly #known = new Map<string, CasePart>();
  /** Cases written to since they were read. */
  readonly #stale = new Map<string, { readonly pk: string; readonly sk: string }>();
  #reading = false;

  constructor(world: World, changed: () => void) {
    this.#world = world;
    this.#changed = changed;
    world.hub.observe(({ service, operation, body }) => {
      if (service !== "store" || operation !== "UpdateItem") return;
      const { pk, sk } = (body["Key"] ?? {}) as { pk?: { S?: string }; sk?: { N?: string } };
      if (pk?.S?.startsWith("case#") !== true || sk?.N === undefined) return;
      this.#stale.set(`${pk.S}#${sk.N}`, { pk: pk.S, sk: sk.N });
      void this.#read();
    });
  }

  get all(): readonly CasePart[] {
    return [...this.#known.values()];
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      for (const [id, key] of this.#stale) {
        this.#stale.delete(id);
        const part = await readCase(this.#world, key);
        if (part !== undefined) this.#known.set(part.name, part);
        this.#changed();
      }
    } catch {
      // The store is gone because the world ends; anyone who looks sees that the connection is gone.
    } finally {
      this.#reading = false;
    }
  }
}

async function readCase(
  { store, tableName }: World,
  { pk, sk }: { pk: string; sk: string },
): Promise<CasePart | undefined> {
  const Key = { pk: { S: pk }, sk: { N: sk } };
  const { Item } = await store.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
  const texts = (Item?.["entries"]?.L ?? []).map(({ S = "" }) => S);
  return texts.length === 0 ? undefined : casePart({ case: chainNameAt(Key), texts, head: Item?.["head"]?.S ?? "" });
}

/** A case as the console shows it: the texts as stored, whether or not they hold. */
export function casePart(trail: StoredTrail): CasePart | undefined {
  const [listed] = listCases([trail]);
  if (listed === undefined) return undefined;
  const { entries, texts } = showCase(trail);
  const decided = entries.findLast((entry) => entry.kind === "decided");
  const { title, openedAt, state, open, outcome, rule, requesterName: requester, decideUntil: deadline } = listed;
  return {
    ...{ name: trail.case, keyArn: caseNameFrom(trail.case)?.keyArn ?? "", head: trail.head },
    ...{ title, openedAt, state, open, outcome, rule, requester, passedOver: decided?.passedOver ?? [] },
    morePassedOver: decided?.morePassedOver ?? 0,
    ...(deadline !== undefined && { deadline }),
    entries: entries.map((entry, n) => ({
      ...{
        seq: entry.seq,
        at: entry.at,
        kind: entry.kind,
        sentence: recordSentence(entry, plain),
        text: texts[n] ?? "",
      },
    })),
  };
}
