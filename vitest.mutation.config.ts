import { defineConfig } from "vitest/config";

/** The tests of what is mutated: the domain and the workflows, without the world around them. */
export default defineConfig({
  test: {
    include: ["test/{domain,property,workflow,notices,functions}/**/*.test.ts", "test/aws/cloudtrail-event.test.ts"],
    env: { REPRIEVE_FEW_RUNS: "1" },
    testTimeout: 60_000,
  },
});
