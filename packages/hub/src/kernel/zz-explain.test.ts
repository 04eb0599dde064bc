import { silentLogger } from '@plumbline/connector';
import { sql } from 'kysely';
import { test } from 'vitest';
import { openHub } from '../hub.ts';
import { planList, readListOfEach, readList } from './list.ts';
import { workItem } from '../projects/work-item.ts';
import { connectAll } from './connection.ts';
test('x', async () => {
  const hub = await openHub({ database: { engine: 'postgresql' as const, url: 'postgres://postgres@127.0.0.1:5432/asof_scratch' }, logger: silentLogger, sources: [] });
  const rows = hub.database.rows;
  const parents = (await sql<{ id: string }>`select id from project order by id limit 25`.execute(rows)).rows.map((r) => r.id);
  const spy = { getExecutor: () => ({ ...(rows as any).getExecutor(), executeQuery: async (q: any) => {
      const text = q.sql.replace(/\$(\d+)/g, (_: string, n: string) => { const v = q.parameters[Number(n) - 1]; return Array.isArray(v) ? `'{${v.join(',')}}'` : typeof v === 'number' ? String(v) : `'${v}'`; });
      await (await import('node:fs/promises')).appendFile('/tmp/explain.sql', `explain (analyze, costs on) ${text};\n`);
      return { rows: [] }; },
      transformQuery: (n: any) => (rows as any).getExecutor().transformQuery(n), compileQuery: (n: any, i: any) => (rows as any).getExecutor().compileQuery(n, i) }) } as any;
  const asked = { columns: ['id', 'deleted_at', 'title', 'status'], total: true, pageInfo: false };
  const plan = planList(workItem, { first: 5, asOf: process.env['AT'] ?? '2026-02-01T00:00:00Z' }, asked);
  await readListOfEach(spy, { plan, belonging: process.env['ROOT'] ? sql`true` : sql`entity.project_id = parent.id`, parents: process.env['ROOT'] ? parents.slice(0,1) : parents }).catch((e) => console.log(e));
  await hub.close();
});
