import { describe, expect, it } from "vitest";
import { configurations } from "./configurations.ts";
import { explore } from "./explore.ts";

const deep = process.env["REPRIEVE_DEEP"] !== undefined;
const maxStates = Number(process.env["REPRIEVE_STATES"] ?? (deep ? 15_000 : 250));

describe(`every order of events, runs, people, time and faults, up to ${maxStates} states each`, () => {
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
  );
});
