import { createMemoryCaseStore } from "../doubles/memory-case-store.ts";
import { describeCaseStore } from "./case-store.contract.ts";

describeCaseStore("in memory", async () => ({ store: createMemoryCaseStore(), stop: async () => {} }));
