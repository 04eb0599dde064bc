import { manualClock } from '@plumbline/connector';
import { createApi } from '@plumbline/hub';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { emptyDatabase } from '../../../../packages/hub/test/database.ts';
import { openOffice } from '../../../../packages/hub/test/office.ts';
import { createConsole } from '../console.ts';
import { readSummary } from './read.ts';

test('what cannot be summed up is said, and is no reason for a hub not to run', async () => {
  const database = await emptyDatabase({ durable: false });
  const { hub } = await openOffice({ database, clock: manualClock('2026-03-06T10:00:00Z') });
  const said: string[] = [];
  const stream = new Writable({ write: (chunk: Buffer, _, done) => done(void said.push(String(chunk))) });
  const console = createConsole({ out: stream, err: stream }, { json: true });
  const { signal } = new AbortController();
  const interruption = { signal, requested: new Promise<void>(() => undefined), release: () => undefined };
  try {
    await hub.database.orm.em.getConnection().execute('alter table obstacle rename to lost');
    expect(await readSummary({ console, interruption }, createApi(hub), '2026-03-06')).toBe(null);
    expect(said).toEqual([expect.stringMatching(/^There is no summary\. .*"obstacle" does not exist/)]);
  } finally {
    await hub.close();
    await database.drop();
  }
});
