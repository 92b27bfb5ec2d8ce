import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Tests that start a browser or whole installations, or draw at random for minutes. `npm run check` runs those that need neither these nor a database. */
const slow = [
  "test/{attacks,browser,crash,money,operations,policies,restore,scope}/**/*.test.ts",
  "src/platform/postgres/*.test.ts",
  "src/ledger/apply/any-ledger.test.ts",
];
/** Tests that need no database. */
const pure = [
  "src/architecture.test.ts",
  "src/glossary.test.ts",
  "src/kernel/**/!(*.database).test.ts",
  "src/policy/**/!(*.database).test.ts",
  "src/platform/{dates,sheets,files,http}/**/*.test.ts",
  "src/platform/*.test.ts",
  "src/platform/{load,telemetry}/*.test.ts",
  "test/deploy/*.test.ts",
  "src/identity/sessions/common-passwords.test.ts",
  "test/security/*.test.ts",
  "src/ui/**/*.test.{ts,tsx}",
  "src/**/web/**/*.test.{ts,tsx}",
  "src/registry/{divisions,dictionaries}/**/*.test.ts",
  "src/synth/**/*.test.ts",
  "src/subsidies/letters/wording.test.ts",
  "src/plant/**/*.test.ts",
  "src/subsidies/{applications,prepayments}/!(*.database).test.ts",
  "src/subsidies/payments/banks/*.test.ts",
];
const database = { globalSetup: ["src/platform/testing/global-setup.ts"], hookTimeout: 120_000 };

/**
 * Without a memory of earlier runs files go by their size, and the two that take longest are among the smallest: begun last, each would
 * keep one processor waiting for the other.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => /test\/browser\/(journey|money)\.test\.ts$/.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    maxWorkers: 2,
    pool: "forks",
    projects: [
      { extends: true, test: { name: "unit", include: pure } },
      {
        extends: true,
        test: {
          name: "database",
          include: ["src/**/*.test.ts", "test/duplicates/*.test.ts", "test/payee/*.test.ts", "test/privacy/*.test.ts"],
          exclude: [...pure, ...slow],
          // Each file has a database of its own, and modules keep nothing of one: to load them anew for each takes as long as the tests.
          isolate: false,
          ...database,
        },
      },
      { extends: true, test: { name: "system", include: slow, ...database, testTimeout: 300_000 } },
    ],
  },
});
