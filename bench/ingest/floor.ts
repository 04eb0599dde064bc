import pg from 'pg';
import type { Issue } from './issues.ts';

/** What storing the payloads costs without doing anything with them: one upsert a page. */
export interface Floor {
  empty(): Promise<void>;
  take(pages: readonly (readonly Issue[])[]): Promise<void>;
  close(): Promise<void>;
}

export async function openFloor(url: string): Promise<Floor> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create table floor (id text primary key, payload jsonb not null)');
  return {
    async empty() {
      await client.query('truncate floor');
    },
    async take(pages) {
      for (const issues of pages) {
        await client.query({
          name: 'floor',
          text: `insert into floor (id, payload) select id, payload::jsonb from unnest($1::text[], $2::text[]) as given(id, payload)
                 on conflict (id) do update set payload = excluded.payload`,
          values: [issues.map((issue) => issue.id), issues.map((issue) => JSON.stringify(issue))],
        });
      }
    },
    close: () => client.end(),
  };
}
