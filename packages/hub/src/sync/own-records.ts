import type { JsonValue, Key, PastValue, UnifiedRecord } from '@plumbline/connector';
import { sql } from 'kysely';
import { refreshAgreements } from '../change-requests/agreement.store.ts';
import { HUB_SOURCE } from '../kernel/hub-source.ts';
import type { Rows } from '../kernel/database.ts';
import type { OwnRecords } from '../kernel/own-records.ts';
import type { MergeRules } from './apply.ts';
import { ingestPage, lockIngest } from './ingest.ts';
import type { Intake } from './map-records.ts';
import { preparePage } from './prepared-page.ts';

const STREAM = 'own';

/** The hub's records go the way of every record: payload, facet, identity, merge, version. */
export function createOwnRecords(rules: MergeRules): OwnRecords {
  const intake: Intake = {
    sourceId: HUB_SOURCE,
    stream: STREAM,
    mapper: { map: (payload) => [payload as UnifiedRecord] },
    mapping: 'own',
    keySchemes: [],
    realm: null,
  };
  const take = (rows: Rows, records: readonly UnifiedRecord[], at: string) =>
    ingestPage(rows, {
      intake,
      rules,
      page: preparePage({
        records: records.map((record) => ({ id: `${record.kind}/${record.id}`, changedAt: at, payload: record })),
      }),
      now: at,
      runId: null,
    });
  return {
    lock: lockIngest,
    async of(rows, kind, entityId) {
      const { rows: found } = await sql<{ payload: UnifiedRecord }>`
        select payload from facet join record_payload using (record_id)
        where entity_id = ${entityId}::uuid and source_id = ${HUB_SOURCE} and kind = ${kind} and deleted_at is null
        order by changed_at desc, facet.id limit 1`.execute(rows);
      return found[0]?.payload ?? null;
    },
    async write(rows, record, at) {
      const { applied } = await take(rows, [record], at);
      await refreshAgreements(rows, { changeRequests: applied.touched.get('changeRequest') ?? [], projects: [] });
      const [changed] = applied.changed.get(record.kind) ?? [];
      if (changed !== undefined) return changed;
      const { rows: found } = await sql<{ entity_id: string }>`
        select entity_id from identity where kind = ${record.kind} and key = ${record.keys[0] ?? ''}`.execute(rows);
      if (found[0]) return found[0].entity_id;
      throw new Error(`the hub's own record ${record.kind}/${record.id} was not stored`);
    },
    async writeAll(rows, records, at) {
      if (records.length === 0) return;
      const { counts, warnings } = await take(rows, records, at);
      if (counts.quarantined > 0) throw new Error(`the hub's own records were not stored: ${warnings.join(' ')}`);
    },
    async keyOf(rows, kind, entityId) {
      const { rows: found } = await sql<{ key: Key }>`
        select key from identity where kind = ${kind} and entity_id = ${entityId}::uuid order by key limit 1`.execute(
        rows,
      );
      return found[0]?.key ?? null;
    },
    async pastOf(rows, { kind, entityId, field }) {
      const { rows: found } = await sql<PastValue & { value: JsonValue }>`
        select distinct on (past ->> 'at') past ->> 'field' as field, past ->> 'at' as at, past -> 'value' as value
        from facet, json_array_elements(history) as past
        where entity_id = ${entityId}::uuid and kind = ${kind} and deleted_at is null and source_id <> ${HUB_SOURCE}
          and past ->> 'field' = ${field}
        order by past ->> 'at', facet.id`.execute(rows);
      return found.length > 0 ? found : seenOf(rows, { entityId, field });
    },
  };
}

/** What a field was by the versions the hub saw. */
async function seenOf(rows: Rows, { entityId, field }: { entityId: string; field: string }): Promise<PastValue[]> {
  const { rows: found } = await sql<PastValue>`
    select ${field}::text as field, to_char(valid_from, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, snapshot -> ${field}::text as value
    from version where entity_id = ${entityId}::uuid and changed @> jsonb_build_array(${field}::text) order by seq`.execute(
    rows,
  );
  return found;
}
