import { sql } from 'kysely';
import type { Rows } from '../kernel/database.ts';
import { unnest } from '../kernel/unnest.ts';
import type { Accepted, DriftFinding } from './drift.rules.ts';

/** How a source's mapping compared with its account when that was looked at last. */
export interface SavedDrift {
  mapping: string;
  lookedAt: string;
  accepted: Accepted;
  findings: readonly DriftFinding[];
}

const columns = sql`mapping, to_char(looked_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "lookedAt", accepted, findings`;

export async function readDrift(rows: Rows, sourceId: string): Promise<SavedDrift | null> {
  const { rows: found } = await sql<SavedDrift>`
    select ${columns} from source_drift where source_id = ${sourceId}`.execute(rows);
  return found[0] ?? null;
}

/** Of several sources, by their ids. */
export async function readDrifts(rows: Rows, sourceIds: readonly string[]): Promise<Map<string, SavedDrift>> {
  const asked = unnest('asked', sourceIds, [{ name: 'source_id', type: 'text', value: (id) => id }]);
  const { rows: found } = await sql<SavedDrift & { sourceId: string }>`
    select source_id as "sourceId", ${columns} from ${asked} join source_drift using (source_id)`.execute(rows);
  return new Map(found.map((drift) => [drift.sourceId, drift]));
}

export async function writeDrift(rows: Rows, sourceId: string, drift: SavedDrift): Promise<void> {
  await sql`
    insert into source_drift (source_id, mapping, looked_at, accepted, findings)
    values (${sourceId}, ${drift.mapping}, ${drift.lookedAt}::timestamptz, ${JSON.stringify(drift.accepted)}::jsonb, ${JSON.stringify(drift.findings)}::jsonb)
    on conflict (source_id) do update
      set mapping = excluded.mapping, looked_at = excluded.looked_at, accepted = excluded.accepted, findings = excluded.findings`.execute(
    rows,
  );
}
