import { isRegion, isStage } from "../../lib/domain/stack-place.ts";

/** The stack that an export is of; a member is empty where the export does not tell it. */
export interface ExportStack {
  readonly account: string;
  readonly region: string;
  readonly stack: string;
}

/** Returns the stack that the name of a log says, such as `reprieve/111122223333/eu-central-1/prod`, or undefined for any other text. */
export function stackOfOrigin(origin: string): ExportStack | undefined {
  const [product, account = "", region = "", stack = "", ...more] = origin.split("/");
  const isOrigin = product === "reprieve" && /^\d{12}$/.test(account) && isRegion(region) && isStage(stack);
  return isOrigin && more.length === 0 ? { account, region, stack } : undefined;
}

/** Returns the stack that a manifest names as its source: `111122223333 eu-central-1 prod`, or without the account where the export did not check it. */
export function stackOfSource(source: string): ExportStack {
  const parts = source.split(" ");
  const [account = "", region = "", stack = ""] = parts.length === 3 ? parts : ["", ...parts];
  const isStack = parts.length <= 3 && isRegion(region) && isStage(stack) && /^(\d{12})?$/.test(account);
  return isStack ? { account, region, stack } : { account: "", region: "", stack: source };
}
