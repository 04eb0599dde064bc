import { kinds, type Size } from './size.ts';

const at = `timestamptz '2026-11-01T08:00:00Z'`;

/** What the ingest looks things up in, as full as it would be: the records, facets, keys and versions of the time entries. */
export function historyStatements(size: Size): string[] {
  const entries = `generate_series(0, ${size.timeEntries - 1}) as n`;
  const keys = (kind: 'person' | 'workItem' | 'timeEntry', scheme: string, count: number) =>
    `insert into identity (kind, key, entity_id)
     select '${kind}', '${scheme}:' || n, bench_id(${kinds[kind]}, n) from generate_series(0, ${count - 1}) as n`;
  return [
    keys('person', 'bench-person', size.persons),
    keys('workItem', 'bench-item', size.workItems),
    keys('timeEntry', 'bench-worklog', size.timeEntries),
    `insert into record (id, source_id, stream, external_id, hash, changed_at, seen_at, mapping, state)
     select bench_id(${kinds.record}, n), 'bench', 'worklogs', n::text, md5(n::text), ${at}, ${at}, 'bench', 'PRESENT' from ${entries}`,
    `insert into facet (id, record_id, source_id, kind, local_id, entity_id, keys, fields, custom_fields, history, changed_at, seen_at)
     select bench_id(${kinds.facet}, n), bench_id(${kinds.record}, n), 'bench', 'timeEntry', n::text, bench_id(${kinds.timeEntry}, n),
       jsonb_build_array('bench-worklog:' || n), jsonb_build_object('seconds', 900), '{}', '{}', ${at}, ${at} from ${entries}`,
    `insert into version (kind, entity_id, operation, valid_from, seen_at, changed, snapshot, source_id)
     select 'timeEntry', bench_id(${kinds.timeEntry}, n), 'CREATED', ${at}, ${at}, '["seconds"]', '{"seconds": 900}', 'bench' from ${entries}`,
  ];
}
