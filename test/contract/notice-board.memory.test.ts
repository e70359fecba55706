import { createMemoryLedger, createMemoryNoticeBoard } from "../doubles/memory-notice-board.ts";
import { describeNoticeBoard } from "./notice-board.contract.ts";

describeNoticeBoard("in memory", async () => ({
  board: createMemoryNoticeBoard(),
  ledger: createMemoryLedger(),
  stop: async () => {},
}));
