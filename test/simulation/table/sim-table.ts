import { compileCondition } from "./condition.ts";
import { Items } from "./items.ts";
import { type IndexTiming, LaggingIndex } from "./lagging-index.ts";
import type { Context } from "./operand.ts";
import { type Page, pageFrom } from "./page.ts";
import { invalid, RefusedError } from "./tokens.ts";
import { compileUpdate } from "./update.ts";
import type { Item, Value } from "./value.ts";

export interface TableAnswer {
  readonly status: number;
  readonly body: object;
}

/** A request of DynamoDB's JSON API, as far as lib/aws/dynamodb makes them. */
interface Request {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, Value>>;
  readonly ExclusiveStartKey?: Item;
  readonly ScanIndexForward?: boolean;
  readonly ConsistentRead?: boolean;
  readonly Select?: string;
  readonly Limit?: number;
}

/** DynamoDB for one table in memory, synchronous: a ValidationException for every expression that lib/aws does not use. */
export class SimTable {
  readonly #name: string;
  readonly #items = new Items();
  readonly #index: LaggingIndex;

  constructor(name: string, timing: IndexTiming) {
    this.#name = name;
    this.#index = new LaggingIndex(timing);
  }

  get largest(): { readonly bytes: number; readonly id: string } {
    return this.#items.largest;
  }

  /** Every text in a list of any item: the entries of all chains. */
  texts(): readonly string[] {
    const lists = this.#items.all().flatMap((item) => Object.values(item).flatMap(({ L = [] }) => L));
    return lists.flatMap(({ S }) => S ?? []);
  }

  /** The texts of each item whose partition `isWanted`, in the order in which they were added: the entries of its chain. */
  listsOf(isWanted: (partition: string) => boolean): readonly (readonly string[])[] {
    const items = this.#items.all().filter(({ pk }) => isWanted(pk?.S ?? ""));
    return items.map((item) => Object.values(item).flatMap(({ L = [] }) => L.flatMap(({ S }) => S ?? [])));
  }

  handle(operation: string, request: Request): TableAnswer {
    try {
      if (request.TableName !== this.#name) throw new RefusedError("ResourceNotFoundException", "table not found");
      return { status: 200, body: this.#perform(operation, request) };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return {
        status: 400,
        body: { __type: `com.amazonaws.dynamodb.v20120810#${error.name}`, message: error.message },
      };
    }
  }

  #perform(operation: string, request: Request): object {
    switch (operation) {
      case "CreateTable":
        return { TableDescription: { TableName: this.#name, TableStatus: "ACTIVE" } };
      case "GetItem": {
        const item = this.#items.get(request.Key ?? {});
        return item === undefined ? {} : { Item: item };
      }
      case "PutItem":
        this.#put(request.Item ?? {});
        return {};
      case "UpdateItem":
        return this.#update(request);
      case "Query":
        return answerOf(request, pageFrom(this.#found(request), pagingOf(request)));
      case "Scan":
        return answerOf(request, pageFrom(this.#items.all(), pagingOf(request)));
      default:
        throw new RefusedError("UnknownOperationException", operation);
    }
  }

  #put(item: Item): void {
    this.#items.put(item);
    this.#index.follow(item);
  }

  #update(request: Request): object {
    const { Key = {}, ConditionExpression, UpdateExpression = "" } = request;
    const context = contextOf(request, [ConditionExpression, UpdateExpression]);
    const old = this.#items.get(Key);
    if (ConditionExpression !== undefined && !compileCondition(ConditionExpression)(old ?? {}, context))
      throw new RefusedError("ConditionalCheckFailedException", "The conditional request failed");
    this.#put(compileUpdate(UpdateExpression)(old ?? Key, context));
    return {};
  }

  /** The items or entries of one partition for which the key condition holds, in the order that was asked for. */
  #found(request: Request): readonly Item[] {
    const { KeyConditionExpression = "", IndexName, ScanIndexForward, FilterExpression, ConsistentRead } = request;
    const context = contextOf(request, [KeyConditionExpression, FilterExpression, request.ProjectionExpression]);
    const [, name = "", value = ""] = /^(#?\w+) = (:\w+)( AND .+)?$/.exec(KeyConditionExpression) ?? [];
    const hash = IndexName === undefined ? "pk" : "status";
    if ((context.names[name] ?? name) !== hash) throw invalid("the key condition has to begin with the partition key");
    if (IndexName !== undefined && (IndexName !== "byStatus" || ConsistentRead)) throw invalid("no such index read");
    const key = context.values[value]?.S ?? "";
    const partition = IndexName === undefined ? this.#items.partition(key) : this.#index.entries(key);
    const test = compileCondition(KeyConditionExpression);
    const found = partition.filter((item) => test(item, context));
    return ScanIndexForward === false ? found.toReversed() : found;
  }
}

/** The names and values of a request. Throws a ValidationException for one that no expression uses, as DynamoDB does. */
function contextOf(request: Request, expressions: readonly (string | undefined)[]): Context {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = request;
  const used = new Set(expressions.flatMap((expression) => expression?.match(/[#:]\w+/g) ?? []));
  const unused = [...Object.keys(names), ...Object.keys(values)].find((each) => !used.has(each));
  if (unused !== undefined) throw invalid(`unused in expressions: ${unused}`);
  return { names, values };
}

function pagingOf({ ExclusiveStartKey, Limit }: Request) {
  return { after: ExclusiveStartKey, limit: Limit };
}

function answerOf(request: Request, { items, last }: Page): object {
  const { FilterExpression, ProjectionExpression, ExpressionAttributeNames: names = {}, Select } = request;
  const context = { names, values: request.ExpressionAttributeValues ?? {} };
  const filter = FilterExpression === undefined ? undefined : compileCondition(FilterExpression);
  const passed = filter === undefined ? items : items.filter((item) => filter(item, context));
  const projected = ProjectionExpression?.split(",").map((each) => names[each.trim()] ?? each.trim());
  const shown =
    projected === undefined
      ? passed
      : passed.map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => projected.includes(name))));
  return {
    ...(Select !== "COUNT" && { Items: shown }),
    Count: shown.length,
    ScannedCount: items.length,
    ...(last && { LastEvaluatedKey: last }),
  };
}
