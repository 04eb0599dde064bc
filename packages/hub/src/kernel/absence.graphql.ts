import type { ObjectRef } from '@pothos/core';
import { sql } from 'kysely';
import type { Builder, SchemaTypes } from './builder.ts';
import type { Row } from './columns.ts';
import type { Context } from './context.ts';
import { unnest } from './unnest.ts';

const absences = ['DELETED', 'INVISIBLE', 'MERGED'] as const;
type Absence = (typeof absences)[number];

/** `absence` on every kind: deleted is not the same as hidden from our credentials. */
export function createAbsence(builder: Builder) {
  const type = builder.enumType('Absence', {
    description: 'Why something is no longer there.',
    values: {
      DELETED: { description: 'Its sources say that it was deleted or archived.' },
      INVISIBLE: { description: 'A source no longer shows it to our account; it may be deleted or only hidden.' },
      MERGED: { description: 'It turned out to be another entity, which its id now gives.' },
    } satisfies Record<Absence, { description: string }>,
  });
  return (ref: ObjectRef<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, Row>): void =>
    builder.objectField(ref, 'absence', (t) =>
      t.field({
        type,
        description: 'Why it is no longer there; null while it is.',
        complexity: 2,
        resolve: (row, _, context: Context) =>
          row['deleted_at'] === null
            ? null
            : context.load.batch<Absence>('absence', String(row['id']), (ids) => readAbsences(context, ids)),
      }),
    );
}

async function readAbsences(context: Context, ids: readonly string[]): Promise<Absence[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows } = await sql<{ id: string; merged: boolean; hidden: boolean }>`
    select asked.id,
      exists (select 1 from merged_entity where merged_entity.id = asked.id) as merged,
      exists (
        select 1 from facet join record on record.id = facet.record_id
        where facet.entity_id = asked.id and record.state = 'INVISIBLE'
      ) as hidden
    from ${asked}`.execute(context.rows);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const found = byId.get(id);
    if (found?.merged) return 'MERGED';
    return found?.hidden ? 'INVISIBLE' : 'DELETED';
  });
}
