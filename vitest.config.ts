import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const hub = createRequire(new URL('packages/hub/package.json', import.meta.url));

/** Those that take minutes go first, so that the last one does not run alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const places = ['journeys/kill', 'journeys/figures', 'journeys/', 'soak/', 'conformance'];
    const place = ({ moduleId }: TestSpecification): number => {
      const found = places.findIndex((part) => moduleId.includes(part));
      return found < 0 ? places.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  // graphql has a CommonJS and an ES module form. Node takes the first and Vite the second, and two of them are one too many.
  resolve: { alias: [{ find: /^graphql$/, replacement: hub.resolve('graphql') }] },
  test: {
    include: ['{packages,plugins,apps,test}/**/*.test.ts'],
    // A test creates a connector of the template and runs what it brings.
    exclude: ['**/node_modules/**', 'packages/create-connector/template/**'],
    globalSetup: ['packages/hub/test/database.ts'],
    sequence: { sequencer: LongestFirst },
    pool: 'forks',
    // Most of the time went into loading the same modules for every file. No module keeps a state that a test could leave
    // behind; what a test puts in place of something else is taken back here.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    // Some wait for a process of their own: one more than the two cores that CI has.
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
