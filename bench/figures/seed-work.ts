import { kinds, seen, type Size } from './size.ts';

/** What sales never see: items, changes and the time that went into them, a year of it up to the end of October 2026. */
export function workStatements(size: Size): string[] {
  const perProject = Math.floor(size.changeRequests / size.projects);
  const project = `bench_id(${kinds.project}, n % ${size.projects})`;
  /** Which request of its project the `place`th item of a project belongs to. */
  const request = `bench_id(${kinds.changeRequest}, n % ${size.projects} + ${size.projects} * (place / 25 % ${perProject}))`;
  const items = `(select n, n / ${size.projects} as place from generate_series(0, ${size.workItems - 1}) as n) as each`;
  return [
    // Of 25 items one names its request, another is named by it, two or three belong to nothing and the rest to a commitment.
    `insert into work_item (id, key, title, type, status, status_category, labels, estimate, project_id, assignee_id, change_request_id, custom_fields, first_seen_at, changed_at)
     select bench_id(${kinds.workItem}, n), 'P' || n % ${size.projects} || '-' || place, 'Item ' || n || ' of the import of invoices', 'Story', 'In Progress',
       (array['TODO', 'DOING', 'DONE'])[place % 3 + 1], case when place % 50 = 7 then '["rework"]' when place % 3 = 0 then '["import"]' end::jsonb, 3600 * (1 + n % 20), ${project}, bench_id(${kinds.person}, n % ${size.persons}),
       case when place % 25 = 0 then ${request} end,
       case when place % 25 > 1 and place % 10 <> 9 then jsonb_build_object('billing', 'Fixed price', 'commitment', 'D' || place % 8)
         else jsonb_build_object('billing', 'Fixed price') end, ${seen}
     from ${items}`,
    // Of each fifth item its source remembers the statuses; of these, each fifth waited for the client all summer.
    `insert into past (entity_id, kind, since, until, fields)
     select bench_id(${kinds.workItem}, n), 'workItem', timestamptz '2025-11-03T08:00:00Z', timestamptz '2026-09-01T08:00:00Z',
       jsonb_build_object('status', jsonb_build_object('values', case when place % 25 = 6 then
         '[["2025-11-03T08:00:00Z", "To Do"], ["2026-05-01T08:00:00Z", "Waiting for customer"], ["2026-09-01T08:00:00Z", "In Progress"]]'
         else '[["2025-11-03T08:00:00Z", "To Do"], ["2025-12-03T08:00:00Z", "In Progress"]]' end::jsonb))
     from ${items} where place % 5 = 1`,
    `insert into many_reference (kind, entity_id, field, target_id)
     select 'changeRequest', ${request}, 'workItems', bench_id(${kinds.workItem}, n) from ${items} where place % 25 = 1`,
    `insert into change_request (id, key, title, type, state, submitted_at, price_delta, price_delta_currency, cost_delta, cost_delta_currency, effort_delta, schedule_delta_days, project_id, first_seen_at, changed_at)
     select bench_id(${kinds.changeRequest}, n), 'CR-' || n, 'Change ' || n || ' to the import of invoices', 'SCOPE',
       (array['APPROVED', 'IMPLEMENTING', 'IMPLEMENTED', 'QUOTED', 'REJECTED', 'CAPTURED'])[n % 6 + 1], timestamptz '2025-11-05T08:00:00Z' + n % 240 * interval '1 day',
       2000 + n % 90 * 100, bench_currency(n % ${size.projects}), 1200 + n % 50 * 100, bench_currency(n % ${size.projects}), n % 40 * 3600, n % 15, ${project}, ${seen}
     from generate_series(0, ${size.changeRequests - 1}) as n`,
    `insert into agreement (change_request_id, from_on, to_on)
     select bench_id(${kinds.changeRequest}, n), date '2025-11-15' + n % 240, case when n % 10 = 1 then date '2025-12-15' + n % 240 end
     from generate_series(0, ${size.changeRequests - 1}) as n where n % 6 < 3 or n % 10 = 1`,
    `insert into past (entity_id, kind, since, until, fields)
     select bench_id(${kinds.changeRequest}, n), 'changeRequest', timestamptz '2025-11-05T08:00:00Z', timestamptz '2026-11-01T08:00:00Z',
       jsonb_build_object('state', jsonb_build_object('values', jsonb_build_array(jsonb_build_array('2025-11-05T08:00:00Z', 'CAPTURED'),
         jsonb_build_array(to_char(date '2025-11-15' + n % 240, 'YYYY-MM-DD"T"09:30:00"Z"'), case when n % 6 < 3 then 'APPROVED' else 'QUOTED' end))))
     from generate_series(0, ${size.changeRequests - 1}) as n`,
    `insert into change_order (id, project_id, name, state, amount, currency, signed_on, created_at, created_by)
     select bench_id(${kinds.changeOrder}, n), ${project}, 'Order ' || n, case when n % 4 = 0 then 'SENT' else 'EXECUTED' end, 2000 + n % 90 * 100, bench_currency(n % ${size.projects}),
       date '2025-11-15' + n % 240, timestamptz '2025-11-05T08:00:00Z', 'bench'
     from generate_series(0, ${size.changeRequests - 1}) as n where n % 6 < 3`,
    `insert into change_order_request (change_order_id, change_request_id)
     select bench_id(${kinds.changeOrder}, n), bench_id(${kinds.changeRequest}, n) from generate_series(0, ${size.changeRequests - 1}) as n where n % 6 < 3`,
    // In the order it was done; every nineteenth names a project and no item; eight people a project.
    `insert into time_entry (id, started_at, local_date, seconds, note, person_id, work_item_id, project_id, first_seen_at, changed_at)
     select bench_id(${kinds.timeEntry}, n), day + interval '9 hours', day, 900 * (1 + n % 32), 'Import of invoices', bench_id(${kinds.person}, (n * 31 + n / ${size.projects} % 8 * 17) % ${size.persons}),
       case when n % 19 <> 3 then bench_id(${kinds.workItem}, n * 7919 % ${size.workItems}) end,
       case when n % 19 = 3 then bench_id(${kinds.project}, n * 13 % ${size.projects}) end, ${seen}
     from (select n, date '2025-11-01' + (n * 365 / ${size.timeEntries})::integer as day from generate_series(0::bigint, ${size.timeEntries - 1}) as n) as each`,
  ];
}
