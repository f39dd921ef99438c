import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: `${import.meta.dirname}/..`,
  test: {
    projects: [
      {
        extends: true,
        // Pure code, and edges against protocol-level fakes: nothing has to run beside them.
        test: { name: 'unit', include: ['test/{spec,image,resources,rollout,aws,docker,cluster,github}/**/*.test.ts'] },
      },
    ],
  },
});
