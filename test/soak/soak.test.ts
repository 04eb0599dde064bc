import { expect, test } from 'vitest';
import { emptyDatabase } from '../../packages/hub/test/database.ts';
import { soak } from './soak.ts';

// Embedded it takes a minute and says the same; `pnpm soak` runs it anywhere.
const embedded = process.env['PLUMBLINE_TEST_DATABASE_URL'] === undefined;

test.skipIf(embedded)(
  'after days of edits in bad weather a hub shows what one shows that never saw any of it',
  async () => {
    const [soaked, fresh] = [await emptyDatabase({ durable: true }), await emptyDatabase({ durable: false })];
    try {
      const report = await soak({
        seed: 'ci',
        days: 2,
        editsADay: 40,
        projects: 3,
        databases: { soaked: soaked.target, fresh: fresh.target },
      });
      expect(report.differences).toEqual([]);
      expect(report.entities).toBeGreaterThan(500);
      expect(report.hits).toBeGreaterThan(20);
      expect(report.troubled).toBeGreaterThan(0);
      expect(report.compared).toBeGreaterThan(500);
      const { delivered, repeated, reordered, lost, known, expired } = report.events;
      expect(Math.min(delivered, repeated, reordered, lost, known, expired)).toBeGreaterThan(0);
    } finally {
      await soaked.drop();
      await fresh.drop();
    }
  },
  180_000,
);
