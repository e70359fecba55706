import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { maxCaseBytes } from "../../lib/domain/case/size-limits.ts";
import { append } from "../../lib/domain/ledger/chain.ts";
import { hostileBodies } from "../doubles/hostile.ts";
import { caseItem, itemBytes } from "../doubles/item-size.ts";
import { t0 } from "../doubles/key-world.ts";
import { asChange, filled, floodedCase, following, longestArn } from "../doubles/largest-case.ts";
import type { StoreUnderTest } from "./case-store.contract.ts";
import { hasJava, startDynamoDbLocal } from "./dynamodb-local.ts";
import { restoresAfterObserving } from "./hostile-case.ts";

describe.skipIf(!hasJava)("the size of a case: official DynamoDB Local, which counts bytes", () => {
  let under: StoreUnderTest;
  beforeAll(async () => {
    under = await startDynamoDbLocal();
  }, 60_000);
  afterAll(async () => await under.stop());

  it("stays within an item for a key with the most and the longest labels, and the key is restored", async () => {
    await restoresAfterObserving(under.store);
  });

  it("fits an item for the largest case there can be, which grew in two writes", async () => {
    const flood = floodedCase();
    const chain = filled(flood, following);
    expect(itemBytes(caseItem(asChange(chain)))).toBeGreaterThan(maxCaseBytes * 0.85);
    expect(await under.store.save(asChange(flood))).toBe("saved");
    expect(await under.store.save({ ...asChange(chain), expectedLength: flood.entries.length })).toBe("saved");
    expect((await under.store.read({ keyArn: longestArn, generation: 1 }))?.chain).toEqual(chain);
  });

  it("names the reason when it refuses an item: a store that refuses is not one that is down", async () => {
    let tooLarge = floodedCase();
    for (let n = 0; n < 60; n++) tooLarge = append(tooLarge, hostileBodies["permit-issued"](n), t0);
    const saving = under.store.save({ ...asChange(tooLarge), generation: 2 });
    await expect(saving).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      cause: { name: "ValidationException", message: expect.stringMatching(/size/i) },
    });
  });
});

if (!hasJava) describe("the size of a case", () => it.skip("LEFT OUT: there is no `java` on this machine", () => {}));
