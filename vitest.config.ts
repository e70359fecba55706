import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/packaging-folder.ts"],
    // The default leaves one core idle, half of a small machine.
    maxWorkers: "100%",
    // No module is mocked, and none keeps state that a test rests on: a worker need not load them all anew for each file.
    isolate: false,
    // They only end what hangs: what is slow on a busy machine is not wrong.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
