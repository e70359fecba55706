import { expect, it } from "vitest";
import { foldChangePermit, maxPermitsRead } from "../../lib/domain/approval/change-permit.ts";
import { append, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { changePermitChainName } from "../../lib/domain/ledger/chain-name.ts";
import type { ChangePermitName } from "../../lib/domain/ledger/change-permit-name.ts";
import { subjectText } from "../../lib/domain/operations/subject.ts";
import type { ChangePermitBook } from "../../lib/workflows/ports/change.ts";
import { t0 } from "../doubles/key-world.ts";

const alias = { kind: "alias", alias: "alias/prod/pin" } as const;
const ofHour = (hour: number): ChangePermitName => ({ operation: "alias", subject: alias, id: { by: "change", hour } });
/** Names the permit `number` that was requested beforehand. */
export const requested = (number: number): ChangePermitName => ({ ...ofHour(0), id: { by: "request", number } });

/** The chain of a permit that nobody has answered. */
export function permitChain(name: ChangePermitName) {
  const { operation, subject, id } = name;
  return append(
    emptyChain(changePermitChainName(name)),
    {
      ...({ kind: "change-permit-requested", operation, subject: subjectText(subject), rule: "ask" } as const),
      ...(id.by === "change" ? { change: { hour: id.hour, eventId: "e-1" } } : { number: id.number }),
      ...{ principal: "arn:aws:iam::111122223333:user/alice", deadline: t0 + 1000, reason: "CHG-1" },
    },
    t0,
  );
}

/** What every book of permits for changes does. */
export function changePermitBookContract(create: () => Promise<ChangePermitBook>): void {
  it("reads what was saved, and nothing else", async () => {
    const book = await create();
    expect(await book.save({ chain: permitChain(ofHour(495_000)), expectedLength: 0 })).toBe("saved");
    expect((await book.read(ofHour(495_000)))?.entries).toHaveLength(1);
    expect(await book.read(ofHour(495_001))).toBeUndefined();
    expect(await book.read({ ...ofHour(495_000), operation: "labels" })).toBeUndefined();
  });

  it("lists those that were requested, and those of changes since an hour", async () => {
    const book = await create();
    const names = [requested(1), requested(2), ofHour(494_999), ofHour(495_000)];
    for (const name of names) await book.save({ chain: permitChain(name), expectedLength: 0 });
    const listed = async (sinceHour: number) =>
      (await book.list(ofHour(0), sinceHour)).flatMap((chain) => foldChangePermit(chain)?.name ?? []);
    expect(await listed(495_000)).toHaveLength(3);
    expect(await listed(0)).toEqual(expect.arrayContaining(names));
    expect(await listed(Number.MAX_SAFE_INTEGER)).toEqual(expect.arrayContaining([requested(1), requested(2)]));
    expect(await listed(Number.MAX_SAFE_INTEGER)).toHaveLength(2);
    expect(await book.list({ ...ofHour(0), operation: "labels" }, 0)).toEqual([]);
  });

  it("lists the newest of those that were requested, however many there are", async () => {
    const book = await create();
    const count = maxPermitsRead + 5;
    for (let n = 1; n <= count; n++) await book.save({ chain: permitChain(requested(n)), expectedLength: 0 });
    await book.save({ chain: permitChain(ofHour(495_000)), expectedLength: 0 });
    const names = (await book.list(ofHour(0), 0)).map(({ name }) => name);
    expect(names).toHaveLength(maxPermitsRead + 1);
    expect(names).toContain(permitChain(requested(count)).name);
    expect(names).not.toContain(permitChain(requested(5)).name);
  });

  it("lets one of two writers win, and recognizes its own write", async () => {
    const book = await create();
    const first = permitChain(requested(1));
    expect(await book.save({ chain: first, expectedLength: 0 })).toBe("saved");
    expect(await book.save({ chain: first, expectedLength: 0 })).toBe("saved");
    const used = append(first, { kind: "change-permit-used", eventId: "e-2", hour: 495_000 }, t0 + 1);
    const other = append(first, { kind: "change-permit-used", eventId: "e-3", hour: 495_000 }, t0 + 1);
    expect(await book.save({ chain: used, expectedLength: 1 })).toBe("saved");
    expect(await book.save({ chain: other, expectedLength: 1 })).toBe("conflict");
  });
}
