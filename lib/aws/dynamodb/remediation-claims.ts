import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { hourMs } from "../../domain/time.ts";
import type { RemediationClaims } from "../../workflows/ports/remediation.ts";
import { numberValue, stringValue } from "./item.ts";
import { saveOnce } from "./store-call.ts";

/** Claims in the table of cases, one item per subject, which the next claim replaces. */
export function createRemediationClaims(client: DynamoDBClient, table: string): RemediationClaims {
  return {
    claim: async (subject, owner, now) => {
      const update = {
        Key: { pk: stringValue(`remediation#${subject}`), sk: numberValue(0) },
        UpdateExpression: "SET #owner = :owner, claimedAt = :now",
        ConditionExpression: "attribute_not_exists(pk) OR #owner = :owner OR claimedAt <= :before",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: {
          ":owner": stringValue(owner),
          ":now": numberValue(now),
          ":before": numberValue(now - hourMs),
        },
      };
      const answer = await saveOnce(client, table, update, (item) => item["owner"]?.S === owner);
      return answer === "saved" ? "claimed" : "taken";
    },
  };
}
