import { manualClock, silentLogger } from '@plumbline/connector';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { emptyDatabase } from '../../test/database.ts';
import { memoryConnector, rawRecord } from '../../test/memory-connector.ts';
import { openHub } from '../hub.ts';

test('after a thousand new records the database knows how large its tables are, after a few it does not look', async () => {
  const database = await emptyDatabase({ durable: false });
  const script = { deals: { kind: 'opportunity' as const, pages: [{ records: [rawRecord('0', ['deal:0'], {})] }] } };
  const hub = await openHub({
    database: database.target,
    logger: silentLogger,
    clock: manualClock('2026-03-06T10:00:00Z'),
    sources: [{ id: 'crm', connector: memoryConnector('crm', script), config: {}, secrets: {} }],
  });
  const believed = async (): Promise<number> => {
    const { rows } = await sql<{ rows: number }>`
      select reltuples::int as rows from pg_class where oid = 'opportunity'::regclass`.execute(hub.database.rows);
    return rows[0]?.rows ?? 0;
  };
  try {
    await hub.sync();
    expect(await believed()).toBeLessThan(1);
    const many = Array.from({ length: 1_000 }, (_, n) =>
      rawRecord(`${n + 1}`, [`deal:${n + 1}`], { name: `Deal ${n}` }),
    );
    script.deals.pages.push({ records: many });
    await hub.sync();
    expect(await believed()).toBe(1_001);
  } finally {
    await hub.close();
    await database.drop();
  }
});
