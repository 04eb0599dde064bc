import { historyStatements } from './seed-history.ts';
import { workStatements } from './seed-work.ts';
import { kinds, seen, type Size } from './size.ts';

/** Fills the hub's own tables, set by set, through whatever runs SQL. */
export async function seed(run: (statement: string) => Promise<unknown>, size: Size): Promise<void> {
  await run(`create function bench_id(kind integer, n bigint) returns uuid language sql immutable as
    $$ select (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$`);
  await run(`create function bench_currency(n bigint) returns text language sql immutable as
    $$ select (array['EUR', 'USD', 'GBP', 'CHF', 'PLN'])[n % 5 + 1] $$`);
  for (const statement of [...portfolioStatements(size), ...workStatements(size), ...historyStatements(size)]) {
    await run(statement);
  }
  await run('vacuum analyze');
}

function portfolioStatements(size: Size): string[] {
  const states = `array['QUALIFYING', 'SCOPING', 'PROPOSED', 'NEGOTIATING', 'WON', 'WON', 'LOST', 'LOST', 'NO_DECISION']`;
  const upTo = (count: number) => `generate_series(0, ${count - 1}) as n`;
  return [
    `insert into client (id, name, currency, first_seen_at, changed_at)
     select bench_id(${kinds.client}, n), 'Client ' || n, bench_currency(n), ${seen} from ${upTo(size.clients)}`,
    `insert into person (id, name, email, role, zone, first_seen_at, changed_at)
     select bench_id(${kinds.person}, n), 'Person ' || n, 'person' || n || '@example.com', 'Engineer', 'Europe/Berlin', ${seen}
     from ${upTo(size.persons)}`,
    // Rates rise twice; of every fiftieth person nobody knows them before July.
    `insert into rate (id, person_id, bill_rate, bill_rate_currency, cost_rate, cost_rate_currency, valid_from, first_seen_at, changed_at)
     select bench_id(${kinds.rate}, n * 3 + step), bench_id(${kinds.person}, n), 90 + n % 80 + step * 4.5, bench_currency(n % 4),
       50 + n % 45 + step * 2.25, bench_currency(n % 3), (array[date '2025-06-01', date '2026-01-01', date '2026-07-01'])[step + 1], ${seen}
     from ${upTo(size.persons)}, generate_series(0, 2) as step where n % 50 <> 49 or step = 2`,
    `insert into exchange_rate (id, base, quote, valid_on, rate, first_seen_at, changed_at)
     select bench_id(${kinds.exchangeRate}, month * 5 + n), 'EUR', bench_currency(n), (date '2025-01-01' + month * interval '1 month')::date,
       (array[1.08, 0.85, 0.96, 4.31])[n] + month * 0.0013, ${seen}
     from generate_series(0, 23) as month, generate_series(1, 4) as n`,
    // Every twentieth is the company's own.
    `insert into project (id, name, code, status, start, "end", currency, zone, client_id, manager_id, first_seen_at, changed_at)
     select bench_id(${kinds.project}, n), 'Project ' || n, 'P' || n, (array['ACTIVE', 'ACTIVE', 'ACTIVE', 'DELIVERED', 'ON_HOLD'])[n % 7 % 5 + 1],
       date '2025-10-01' + n % 90, date '2026-12-01' + n % 90, bench_currency(n),
       (array['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'UTC'])[n % 4 + 1],
       case when n % 20 <> 0 then bench_id(${kinds.client}, n % ${size.clients}) end, bench_id(${kinds.person}, n % ${size.persons}), ${seen}
     from ${upTo(size.projects)}`,
    `insert into budget (id, project_id, contract_value, contract_value_currency, planned_cost, planned_cost_currency, planned_seconds, valid_from, first_seen_at, changed_at)
     select bench_id(${kinds.budget}, n), bench_id(${kinds.project}, n % ${size.projects}), 60000 + n % 900 * 100, bench_currency(n % ${size.projects}),
       40000 + n % 700 * 90, bench_currency(n % ${size.projects}), (400 + n % 300) * 3600, date '2025-10-01' + n / ${size.projects} * 120, ${seen}
     from ${upTo(Math.floor(size.projects * 1.1))}`,
    `insert into baseline (id, project_id, version, contract_value, contract_value_currency, planned_cost, planned_cost_currency, planned_seconds, start, "end", origins, items, accepted_at, accepted_by, evidence)
     select bench_id(${kinds.baseline}, n), bench_id(${kinds.project}, n), 1, 65000 + n % 900 * 100, bench_currency(n), 42000 + n % 700 * 90, bench_currency(n),
       (400 + n % 300) * 3600, date '2025-10-01' + n % 90, date '2026-12-01' + n % 90, '{}', '[]', timestamptz '2025-10-01T08:00:00Z', 'bench', '{}'
     from ${upTo(size.projects)} where n % 3 = 1`,
    `insert into opportunity (id, name, amount, amount_currency, pipeline, stage, state, probability, close_date, client_id, owner_id, first_seen_at, changed_at)
     select bench_id(${kinds.opportunity}, n), 'Deal ' || n, case when n % 19 <> 3 then 5000 + n % 900 * 250.50 end, bench_currency(n),
       (array['New business', 'Renewals'])[n % 2 + 1], state, state, case when n % 10 > 2 then (n % 9 + 1) * 0.1 end, date '2025-01-01' + (n * 37 % 730)::integer,
       bench_id(${kinds.client}, n % ${size.clients}), bench_id(${kinds.person}, n % (1 + ${size.persons} / 20)), ${seen}
     from (select n, (${states})[n * 7 % 9 + 1] as state from ${upTo(size.opportunities)}) as each`,
    `insert into project_link (opportunity_id, project_id, status, origin, reasons)
     select bench_id(${kinds.opportunity}, n), bench_id(${kinds.project}, n), 'LINKED', 'KEY', '[]'
     from ${upTo(Math.min(size.projects, size.opportunities))} where n % 20 <> 0`,
    `insert into quota (id, owner_id, period_start, period_end, amount, amount_currency, first_seen_at, changed_at)
     select bench_id(${kinds.quota}, n * 8 + step), bench_id(${kinds.person}, n), (date '2025-01-01' + step * interval '3 months')::date,
       (date '2025-01-01' + (step + 1) * interval '3 months')::date - 1, 300000 + n * 1000, bench_currency(n), ${seen}
     from generate_series(0, ${size.persons} / 20) as n, generate_series(0, 7) as step`,
    `insert into risk (id, title, status, probability, impact, impact_currency, project_id, first_seen_at, changed_at)
     select bench_id(${kinds.risk}, n), 'Risk ' || n, (array['OPEN', 'MITIGATING', 'CLOSED'])[n % 7 % 3 + 1], n % 9 * 0.1, 1000 + n % 50 * 500, bench_currency(n % 5 + n % 2),
       bench_id(${kinds.project}, n % ${size.projects}), ${seen}
     from ${upTo(size.projects * 3)}`,
  ];
}
