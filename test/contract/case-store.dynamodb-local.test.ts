import { describe, it } from "vitest";
import { describeCaseStore } from "./case-store.contract.ts";
import { hasJava, startDynamoDbLocal } from "./dynamodb-local.ts";

if (hasJava) describeCaseStore("official DynamoDB Local", startDynamoDbLocal);
else
  describe("case store: official DynamoDB Local", () =>
    it.skip("LEFT OUT: there is no `java` on this machine", () => {}));
