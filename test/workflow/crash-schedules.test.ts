import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardDeletion } from "../../lib/workflows/guard/guard-deletion.ts";
import type { Guard } from "../../lib/workflows/guard/run.ts";
import type { CaseBus, CaseStore, PaymentKeys } from "../../lib/workflows/ports/guard.ts";
import { Crash, type CrashPoint, dyingPorts } from "../doubles/crash.ts";
import { createTestGuard } from "../doubles/guard.ts";
import { createKeyWorld, day, deletionRequest, type KeyWorld, paymentKey, t0 } from "../doubles/key-world.ts";

const runs = process.env["REPRIEVE_DEEP"] ? 20_000 : process.env["REPRIEVE_FEW_RUNS"] ? 200 : 2_000;

/** `guard` in a function that dies at `point`, counted over all port calls of one delivery. */
function dyingAt(guard: Guard, point: CrashPoint): Guard {
  const wrap = dyingPorts(point);
  return {
    ...guard,
    keys: wrap<PaymentKeys>(guard.keys),
    cases: wrap<CaseStore>(guard.cases),
    bus: wrap<CaseBus>(guard.bus),
  };
}

const crashPoint = fc.record({ call: fc.integer({ min: 1, max: 12 }), when: fc.constantFrom("before", "after") });

/** Intents and effects in the order in which they really took place. */
function witness(keys: KeyWorld, guard: Guard): { keys: PaymentKeys; cases: CaseStore; happened: string[] } {
  const happened: string[] = [];
  const save: CaseStore["save"] = async (change) => {
    const answer = await guard.cases.save(change);
    if (answer === "saved") happened.push(...change.chain.entries.slice(change.expectedLength).map(({ kind }) => kind));
    return answer;
  };
  const effect =
    (name: string, call: PaymentKeys["restore"]): PaymentKeys["restore"] =>
    async (arn) => {
      const answer = await call(arn);
      if (answer.kind === "done") happened.push(name);
      return answer;
    };
  return {
    happened,
    cases: { ...guard.cases, save },
    keys: {
      ...keys,
      restore: effect("RestoreKey", keys.restore),
      startUsage: effect("StartKeyUsage", keys.startUsage),
    },
  };
}

describe("a crash before or after any port call, then retries", () => {
  it.each([
    ["a key that stays enabled", paymentKey(), false],
    ["a key that its deletion stopped", paymentKey({ enabled: false, usageStoppedAt: t0 }), true],
  ])(
    "%s: one restore, an intent before each effect, an unbroken chain, every entry published",
    async (_, key, starts) => {
      await fc.assert(
        fc.asyncProperty(fc.array(crashPoint, { minLength: 1, maxLength: 4 }), async (points) => {
          const keys = createKeyWorld({ key });
          const { guard, cases, bus, time, kinds } = createTestGuard(keys, t0 + 1000);
          const witnessed = witness(keys, guard);
          const under: Guard = { ...guard, keys: witnessed.keys, cases: witnessed.cases };
          const trigger = (deliveries: number) => ({
            source: "event" as const,
            request: deletionRequest(),
            deliveries,
          });
          for (const [n, point] of points.entries()) {
            await guardDeletion(dyingAt(under, point), trigger(n + 1)).catch((error: unknown) => {
              if (!(error instanceof Crash)) throw error;
            });
            time.now += 180_000;
          }
          await guardDeletion(under, trigger(points.length + 1));

          const { happened } = witnessed;
          expect(happened.filter((call) => call === "RestoreKey")).toHaveLength(1);
          expect(happened.indexOf("restore-intended")).toBeGreaterThanOrEqual(0);
          expect(happened.indexOf("restore-intended")).toBeLessThan(happened.indexOf("RestoreKey"));
          expect(happened.filter((call) => call === "StartKeyUsage")).toHaveLength(starts ? 1 : 0);
          if (starts) {
            expect(happened.indexOf("usage-start-intended")).toBeGreaterThanOrEqual(0);
            expect(happened.indexOf("usage-start-intended")).toBeLessThan(happened.indexOf("StartKeyUsage"));
          }
          expect(keys.key.enabled).toBe(true);
          expect(kinds()).toEqual([
            [
              "deletion-detected",
              "decided",
              "restore-intended",
              "key-restored",
              ...(starts ? ["usage-start-intended"] : []),
              "key-usable",
            ],
          ]);
          expect([...cases.items.values()].map(({ status, lease }) => ({ status, lease }))).toEqual([
            { status: "closed", lease: undefined },
          ]);
          expect([...new Set(bus.published.map(({ seq }) => seq))]).toEqual(
            kinds()[0]?.map((_kind, index) => index + 1),
          );
        }),
        { numRuns: runs / 2 },
      );
    },
  );

  it("with the deletion's own time passing meanwhile, never acts twice", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(crashPoint, { maxLength: 4 }), fc.nat({ max: 4 }), async (points, jumpAfter) => {
        const keys = createKeyWorld();
        const { guard, cases, time } = createTestGuard(keys, t0 + 1000);
        for (const [n, point] of points.entries()) {
          const trigger = { source: "event" as const, request: deletionRequest(), deliveries: n + 1 };
          await guardDeletion(dyingAt(guard, point), trigger).catch(() => {});
          time.now += n === jumpAfter ? 3 * day : 180_000;
        }
        await guardDeletion(guard, { source: "event", request: deletionRequest(), deliveries: 9 });
        expect(keys.state).toBe("CREATE_COMPLETE");
        expect(cases.chains()).toHaveLength(1);
        expect(cases.chains()[0]?.entries.filter(({ kind }) => kind === "key-restored")).toHaveLength(1);
      }),
      { numRuns: runs / 4 },
    );
  });
});
