import { expect, it } from "vitest";
import { foldChangePermit, maxPermitsRead } from "../../lib/domain/approval/change-permit.ts";
import { append, emptyChain } from "../../lib/domain/ledger/chain.ts";
import { changePermitChainName } from "../../lib/domain/ledger/chain-name.ts";
import { type ChangePermitName, changePermitText } from "../../lib/domain/ledger/change-permit-name.ts";
import { subjectText } from "../../lib/domain/operations/subject.ts";
import type { ChangePermitBook, ChangeQuestions } from "../../lib/workflows/ports/change.ts";
import { t0 } from "../doubles/key-world.ts";

const alias = { kind: "alias", alias: "alias/prod/pin" } as const;
const ofHour = (hour: number): ChangePermitName => ({ operation: "alias", subject: alias, id: { by: "change", hour } });
/** Names the permit `number` that was requested beforehand. */
export const requested = (number: number): ChangePermitName => ({ ...ofHour(0), id: { by: "request", number } });

/** The chain of a permit that nobody has answered. */
export function permitChain(name: ChangePermitName, at = t0) {
  const { operation, subject, id } = name;
  return append(
    emptyChain(changePermitChainName(name)),
    {
      ...({
        kind: "change-permit-requested",
        operation,
        subject: subjectText(subject),
        rule: "ask",
        from: "custodians",
        quorum: 1,
      } as const),
      ...(id.by === "change" ? { change: { hour: id.hour, eventId: "e-1" } } : { number: id.number }),
      ...{ principal: "arn:aws:iam::111122223333:user/alice", deadline: at + 1000, reason: "CHG-1" },
    },
    at,
  );
}

/** What every list of questions about changes does, over the permits that `book` wrote. */
export function changeQuestionsContract(create: () => Promise<QuestionWorld>): void {
  const names = async ({ questions }: QuestionWorld, now: number, limit = 10) =>
    (await questions.due(now, limit)).map(changePermitText);
  const [first, second] = [ofHour(495_000), requested(1)];

  it("lists those whose reminder is due, the longest due first", async () => {
    const world = await create();
    await world.book.save({ chain: permitChain(second, t0 + 100), expectedLength: 0 });
    await world.book.save({ chain: permitChain(first), expectedLength: 0 });
    expect(await names(world, t0 + 499)).toEqual([]);
    expect(await names(world, t0 + 500)).toEqual([changePermitText(first)]);
    expect(await names(world, t0 + 600)).toEqual([first, second].map(changePermitText));
    expect(await names(world, t0 + 600, 1)).toEqual([changePermitText(first)]);
  });

  it("has one due until it is scheduled again, whatever is added to it meanwhile", async () => {
    const world = await create();
    const chain = permitChain(first);
    await world.book.save({ chain, expectedLength: 0 });
    const reminded = append(chain, { kind: "approval-reminded", percent: 50 }, t0 + 500);
    expect(await world.questions.save({ chain: reminded, expectedLength: 1 })).toBe("saved");
    const voter = { via: "slack", userId: "U0BOB" } as const;
    const approved = append(reminded, { kind: "permit-approved", voter, person: "bob", reason: "CHG-1" }, t0 + 501);
    expect(await world.book.save({ chain: approved, expectedLength: 2 })).toBe("saved");
    expect(await names(world, t0 + 502)).toEqual([changePermitText(first)]);
    await world.questions.schedule(first, t0 + 800);
    expect(await names(world, t0 + 799)).toEqual([]);
    expect(await names(world, t0 + 800)).toEqual([changePermitText(first)]);
    await world.questions.schedule(first, undefined);
    expect(await names(world, t0 + 5000)).toEqual([]);
    expect((await world.questions.read(first))?.entries).toHaveLength(3);
  });

  it("has none that was answered, nor brings one back", async () => {
    const world = await create();
    const chain = permitChain(first);
    await world.book.save({ chain, expectedLength: 0 });
    const voter = { via: "slack", userId: "U0BOB" } as const;
    const revoked = append(chain, { kind: "change-permit-revoked", by: "bob", voter, refused: true }, t0 + 1);
    await world.book.save({ chain: revoked, expectedLength: 1 });
    await world.questions.schedule(first, t0 + 2);
    expect(await names(world, t0 + 5000)).toEqual([]);
  });
}

interface QuestionWorld {
  readonly book: ChangePermitBook;
  readonly questions: ChangeQuestions;
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
