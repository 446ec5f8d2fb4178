import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/setup/global.ts"],
    // What is tested on purpose logs its warnings too; a failing test says what it has to say by itself.
    env: { LOG_LEVEL: "silent" },
    // Each file clones its own database; two forks keep a 2-core machine busy without thrashing PostgreSQL.
    pool: "forks",
    maxWorkers: 2,
    // As the processes of the product run (docs/decisions/026): a fork died of V8's check of its code pages otherwise.
    execArgv: ["--no-memory-protection-keys"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
