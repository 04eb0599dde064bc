import { instant, text } from '@plumbline/connector/fields';
import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import type { Listable } from '../kernel/listable.ts';
import { unnest } from '../kernel/unnest.ts';

const quarantined: Listable = {
  typeName: 'QuarantinedRecord',
  table: 'quarantine',
  mortal: false,
  fields: {
    sourceId: text('The source, by the name it was installed under.'),
    stream: text('The stream it came through.'),
    externalId: text('The record’s id in its source.'),
    error: text('Why it cannot be read; names the field.'),
    since: instant('When it was first put here.'),
    lastSeenAt: instant('When it last came in a form that cannot be read.'),
  },
};

/** `quarantine`: records that could not be read, for as long as they cannot. */
export function addQuarantine(graph: Graph): void {
  const { builder } = graph;
  const type = graph.addListable(
    quarantined,
    'A record that cannot be read. It leaves by itself once its source or the mapping is repaired.',
  );
  builder.objectFields(type.ref, (t) => ({
    id: t.id({ nullable: false, description: 'Id of the stored record.', resolve: (row) => String(row['id']) }),
    payload: t.field({
      type: 'JSON',
      description: 'The payload as the source sent it.',
      complexity: 5,
      resolve: (row, _, context: Context) =>
        context.load.batch<JsonValue>('payload', String(row['id']), (ids) => readPayloads(context, ids)),
    }),
  }));
  graph.addRootList(type, 'quarantine', 'Records that cannot be read, and why.');
}

async function readPayloads(context: Context, ids: readonly string[]): Promise<JsonValue[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows } = await sql<{ record_id: string; payload: JsonValue }>`
    select record_id, payload from ${asked} join record_payload on record_id = asked.id`.execute(context.rows);
  const byId = new Map(rows.map((row) => [row.record_id, row.payload]));
  return ids.map((id) => byId.get(id) ?? null);
}
