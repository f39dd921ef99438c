import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: `${import.meta.dirname}/..`,
  test: {
    projects: [
      {
        extends: true,
        // Pure code, and edges against protocol-level fakes: nothing has to run beside them.
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['**/*.bed.test.ts', 'node_modules/**'] },
      },
      {
        extends: true,
        // Against the real API server, registry, AWS and docker of the bed.
        test: {
          name: 'bed',
          globalSetup: 'test/bed/vitest.setup.ts',
          include: ['test/**/*.bed.test.ts'],
          exclude: ['node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
