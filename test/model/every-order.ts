import { describe, expect, it } from "vitest";
import { type Configuration, explore } from "./explore.ts";

/** States of each configuration: with 125,000 it is more than a million in all. */
const maxStates = Number(process.env["REPRIEVE_STATES"] ?? (process.env["REPRIEVE_DEEP"] ? 125_000 : 250));

export function everyOrderOf(title: string, configurations: readonly Configuration[]): void {
  describe(`every order of ${title}, up to ${maxStates} states each`, () => {
    it.each(configurations.map((configuration) => [configuration.name, configuration] as const))(
      "%s",
      async (name, configuration) => {
        const began = performance.now();
        const { violation, ...size } = await explore(configuration, maxStates);
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        if (maxStates > 250) console.log(`${name}: ${JSON.stringify(size)} in ${seconds} s`);
        expect(violation).toBeUndefined();
        expect(size.states).toBeGreaterThan(20);
      },
      300_000 + 10 * maxStates,
    );
  });
}
