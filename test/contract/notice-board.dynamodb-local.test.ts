import { describe, it } from "vitest";
import { createDeletionLedger } from "../../lib/aws/dynamodb/deletion-ledger.ts";
import { createNoticeBoard } from "../../lib/aws/dynamodb/notice-board.ts";
import { hasJava, startDynamoDbLocal } from "./dynamodb-local.ts";
import { describeNoticeBoard } from "./notice-board.contract.ts";

if (hasJava)
  describeNoticeBoard("official DynamoDB Local", async () => {
    const { client, table, stop } = await startDynamoDbLocal();
    return { board: createNoticeBoard(client, table), ledger: createDeletionLedger(client, table), stop };
  });
else
  describe("notice board: official DynamoDB Local", () =>
    it.skip("LEFT OUT: there is no `java` on this machine", () => {}));
