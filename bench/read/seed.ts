import pg from 'pg';

export interface Size {
  opportunities: number;
  projects: number;
  changeRequests: number;
}

/** Fills the hub's own tables, set by set: one opportunity linked to each project, change requests spread over all. */
export async function seed(url: string, size: Size): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const now = `timestamptz '2026-03-01T08:00:00Z'`;
  try {
    await client.query(
      `insert into opportunity (id, name, amount, amount_currency, stage, state, close_date, first_seen_at, changed_at)
       select gen_random_uuid(), 'Deal ' || n, n % 900 * 1000 + 0.50, 'EUR', 'Proposal sent', 'PROPOSED', date '2026-01-01' + n % 365, ${now}, ${now}
       from generate_series(1, $1::integer) as n`,
      [size.opportunities],
    );
    await client.query(
      `insert into project (id, name, code, status, start, currency, first_seen_at, changed_at)
       select gen_random_uuid(), 'Project ' || n, 'P' || n, 'ACTIVE', date '2026-01-01' + n % 365, 'EUR', ${now}, ${now}
       from generate_series(1, $1::integer) as n`,
      [size.projects],
    );
    await client.query(
      `with sold as (select id, row_number() over (order by id) as n from opportunity),
       delivered as (select id, row_number() over (order by id) as n from project)
       insert into project_link (opportunity_id, project_id, status, origin, reasons)
       select sold.id, delivered.id, 'LINKED', 'KEY', '[]' from sold join delivered using (n)`,
    );
    await client.query(
      `with delivered as (select id, row_number() over () - 1 as place from project)
       insert into change_request (id, key, title, state, submitted_at, price_delta, price_delta_currency, effort_delta, project_id, first_seen_at, changed_at)
       select gen_random_uuid(), 'CR-' || n, 'Change ' || n || ' to the import of invoices', 'QUOTED', ${now} + n * interval '1 minute', n % 90 * 100, 'EUR', n % 40 * 3600,
              delivered.id, ${now}, ${now}
       from generate_series(1, $1::integer) as n join delivered on place = n % $2::integer`,
      [size.changeRequests, size.projects],
    );
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}
