import { certificateOperations } from "./certificate-operations.ts";
import { exchangeOperations } from "./exchange-operations.ts";
import { keyOperations } from "./key-operations.ts";
import { labelOperations } from "./label-operations.ts";
import { mpaOperations } from "./mpa-teams.ts";
import type { OperationTable } from "./operation.ts";
import { policyOperations } from "./policy-operations.ts";
import { replicationOperations } from "./replication.ts";
import type { OperationName } from "./service-model.ts";

/** Every operation of AWS's API model; the compiler refuses a table that lacks one. */
export const operations: OperationTable<OperationName> = {
  ...keyOperations,
  ...labelOperations,
  ...policyOperations,
  ...replicationOperations,
  ...mpaOperations,
  ...exchangeOperations,
  ...certificateOperations,
};
