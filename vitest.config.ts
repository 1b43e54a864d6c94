import { defineConfig } from 'vitest/config';

/** Unit tests: no VS Code, no browser. Those that run the bundled model stand under test/model. */
export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/model/**/*.test.ts'],
    testTimeout: 60_000,
    fileParallelism: true,
  },
});
