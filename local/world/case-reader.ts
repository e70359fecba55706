import { QueryCommand, type QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import { chainNameAt } from "../../lib/aws/dynamodb/chain-key.ts";
import type { Case } from "../../lib/domain/case/case.ts";
import { foldCase } from "../../lib/domain/case/fold.ts";
import { type ChainReading, readChain } from "../../lib/domain/ledger/chain.ts";

/** The table of cases, as far as it is read here. */
export interface CaseTable {
  readonly store: { send(command: QueryCommand): Promise<Pick<QueryCommandOutput, "Items">> };
  readonly tableName: string;
}

export interface ReadCase {
  readonly reading: ChainReading;
  /** Absent when the chain does not hold. */
  readonly state?: Case;
}

/** Every case of a key as stored in the table, oldest first, each with its chain checked. */
export async function readCases({ store, tableName }: CaseTable, keyArn: string): Promise<readonly ReadCase[]> {
  const { Items = [] } = await store.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: `case#${keyArn}` } },
      ConsistentRead: true,
    }),
  );
  return Items.map((item) => {
    const texts = (item["entries"]?.L ?? []).map(({ S = "" }) => S);
    const reading = readChain(texts, chainNameAt(item));
    const intact = reading.ok && reading.chain.head === item["head"]?.S;
    const state = reading.ok && intact ? foldCase(reading.chain.entries) : undefined;
    return { reading, ...(state && { state }) };
  });
}
