import crypto from "node:crypto";
import { scopeNames } from "./bundle.ts";
import type { SimClock } from "./clock.ts";
import type { Instance } from "./instance.ts";
import type { Random } from "./random.ts";
import { requireFor } from "./sandbox-modules.ts";
import { timersOf } from "./sandbox-timers.ts";

/** What the code of one execution environment runs with. */
export interface Sandbox {
  readonly name: string;
  readonly clock: SimClock;
  readonly instance: Instance;
  readonly random: Random;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly fetch: unknown;
  readonly signals: unknown;
  /** `send` of the SDK, and the facts of the build. */
  readonly simulation: object;
}

/** Returns the values of a bundle's parameters, in their order, and what the bundle exports once it has run. */
export function scopeOf(sandbox: Sandbox): { readonly values: unknown[]; readonly exported: () => unknown } {
  const { name, clock, instance, random, fetch, signals, simulation } = sandbox;
  const timers = timersOf(clock, instance);
  const ownCrypto = cryptoOf(random);
  const ownProcess = processOf(sandbox);
  const performance = { now: () => instance.now(), timeOrigin: 0, mark: () => {}, measure: () => {} };
  const module: { exports: unknown } = { exports: {} };
  const own: Record<string, unknown> = {
    ...timers,
    ...{ process: ownProcess, Date: dateOf(instance), crypto: ownCrypto, performance, queueMicrotask },
    ...{ Math: Object.create(Math, { random: { value: () => random.next() } }), fetch, AbortSignal: signals },
  };
  const properties = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, { value, writable: true }]));
  const globals: object = Object.create(globalThis, properties);
  const scope: Record<string, unknown> = {
    ...own,
    ...{ exports: module.exports, module, globalThis: globals, global: globals, __simulation: simulation },
    require: requireFor(name, { timers, crypto: ownCrypto, process: ownProcess }),
  };
  return { values: scopeNames.map((each) => scope[each]), exported: () => module.exports };
}

function dateOf(instance: Instance): DateConstructor {
  return new Proxy(Date, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [instance.now()] : args, newTarget) as Date,
    apply: () => new Date(instance.now()).toString(),
    get: (target, property) => (property === "now" ? () => instance.now() : Reflect.get(target, property)),
  });
}

function cryptoOf(random: Random): object {
  return {
    ...crypto,
    randomUUID: () => random.uuid(),
    randomBytes: (length: number) => random.bytes(length),
    getRandomValues: (into: Uint8Array) => {
      into.set(random.bytes(into.length));
      return into;
    },
  };
}

function processOf({ environment, instance, onLine }: Sandbox): object {
  const write = (text: string) => {
    for (const line of String(text).split("\n")) if (line !== "") onLine(line);
    return true;
  };
  const output = { write, on: () => {}, once: () => {}, removeListener: () => {}, listenerCount: () => 0 };
  return {
    env: { ...environment },
    ...{ version: "v24.0.0", versions: { node: "24.0.0" }, platform: "linux", arch: "x64", argv: [], execArgv: [] },
    ...{ release: { name: "node" }, cwd: () => "/", emitWarning: () => {}, on: () => {}, nextTick: process.nextTick },
    hrtime: Object.assign(() => [0, 0], { bigint: () => BigInt(instance.now()) * 1_000_000n }),
    ...{ stdout: output, stderr: output, memoryUsage: () => ({}), uptime: () => 0 },
  };
}
