import { defineConfig } from 'vitest/config';

/** Tests without VS Code or a browser. Those that run the bundled model stand under test/model and test/docs. */
export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/model/**/*.test.ts', 'test/docs/**/*.test.ts'],
    testTimeout: 60_000,
    fileParallelism: true,
  },
});
