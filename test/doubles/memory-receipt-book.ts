import type { Receipt, ReceiptBook } from "../../lib/workflows/ports/votes.ts";

/** Receipts in memory, each written once. */
export function createMemoryReceiptBook(): ReceiptBook & { readonly all: () => readonly Receipt[] } {
  const receipts = new Map<string, Receipt>();
  return {
    all: () => [...receipts.values()],
    read: async (requestId) => receipts.get(requestId),
    write: async (receipt) => {
      const { requestId } = receipt;
      if (!receipts.has(requestId)) receipts.set(requestId, receipt);
      return receipts.get(requestId) ?? receipt;
    },
  };
}
