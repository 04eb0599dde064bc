import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const hub = createRequire(new URL('packages/hub/package.json', import.meta.url));

export default defineConfig({
  // graphql has a CommonJS and an ES module form. Node takes the first and Vite the second, and two of them are one too many.
  resolve: { alias: [{ find: /^graphql$/, replacement: hub.resolve('graphql') }] },
  test: {
    include: ['{packages,plugins,apps,test}/**/*.test.ts'],
    globalSetup: ['packages/hub/test/database.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
