/**
 * Files that start programs, packages, the JVM or whole worlds, or that simulate weeks. `npm test` leaves them to `npm run test:full`;
 * `.ci/run` runs both.
 */
export const slowFiles: readonly string[] = [
  "test/contract/case-size.dynamodb-local.test.ts",
  "test/contract/case-store.dynamodb-local.test.ts",
  "test/contract/notice-board.dynamodb-local.test.ts",
  "test/documents/command-blocks.test.ts",
  "test/documents/recording.test.ts",
  "test/infra/deploy-command.test.ts",
  "test/infra/calls-per-event.test.ts",
  "test/infra/released-stack.test.ts",
  "test/infra/template-loss.test.ts",
  "test/infra/zips.test.ts",
  "test/local/many-accounts.test.ts",
  "test/local/reconcile.test.ts",
  "test/local/start.test.ts",
  "test/release/distribution.test.ts",
  "test/simulation/acts.test.ts",
  "test/simulation/determinism.test.ts",
  "test/simulation/load.test.ts",
  "test/workflow/sweep-load.test.ts",
];
