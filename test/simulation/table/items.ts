import { invalid } from "./tokens.ts";
import { type Item, itemBytes } from "./value.ts";

/** DynamoDB's limit. */
const maxItemBytes = 400 * 1024;

/** Returns what identifies an item: text that sorts by partition, and then anyhow. */
export function idOf({ pk, sk }: Item): string {
  if (pk?.S === undefined || sk?.N === undefined) throw invalid("the key needs `pk` (S) and `sk` (N)");
  return `${pk.S}\0${sk.N}`;
}

/** The items of a table by partition. */
export class Items {
  readonly #partitions = new Map<string, Map<string, Item>>();
  /** The size of the largest item that anyone ever tried to write, and which it was. */
  largest = { bytes: 0, id: "" };

  get(key: Item): Item | undefined {
    return this.#partitions.get(key["pk"]?.S ?? "")?.get(key["sk"]?.N ?? "");
  }

  /** Throws a ValidationException for an item that is too large. */
  put(item: Item): void {
    const id = idOf(item);
    const bytes = itemBytes(item);
    if (bytes > this.largest.bytes) this.largest = { bytes, id };
    if (bytes > maxItemBytes) throw invalid("Item size has exceeded the maximum allowed size");
    const pk = item["pk"]?.S ?? "";
    const partition = this.#partitions.get(pk) ?? new Map<string, Item>();
    this.#partitions.set(pk, partition.set(item["sk"]?.N ?? "", item));
  }

  /** Every item of a partition, by its sort key. */
  partition(pk: string): readonly Item[] {
    return [...(this.#partitions.get(pk)?.values() ?? [])].sort((a, b) => Number(a["sk"]?.N) - Number(b["sk"]?.N));
  }

  /** Every item, in an order that depends on nothing but their keys. */
  all(): readonly Item[] {
    return [...this.#partitions.keys()].sort().flatMap((pk) => this.partition(pk));
  }
}
