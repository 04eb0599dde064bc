import type { JsonValue } from '@plumbline/connector';
import type { ObjectRef } from '@pothos/core';
import { sql } from 'kysely';
import { asOfArgument, figureCost } from './as-of.graphql.ts';
import type { Builder, SchemaTypes } from './builder.ts';
import { instantText, type Row } from './columns.ts';
import type { Context } from './context.ts';
import type { Rows } from './database.ts';
import type { DecisionRow } from './decision.store.ts';
import { standpointOf } from './standpoint.ts';
import { unnest } from './unnest.ts';

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;

/** The type of a decision. */
export function addDecision(builder: Builder) {
  return builder.objectRef<DecisionRow>('Decision').implement({
    description: 'A decision of a person, or a step the hub took by itself. Never changed.',
    fields: (t) => ({
      version: t.int({ nullable: false, description: 'Its number, from 1.', resolve: (of) => Number(of.version) }),
      action: t.exposeString('action', { nullable: false, description: 'What was done, such as APPROVE.' }),
      from: t.exposeString('from_state', { description: 'The state before.' }),
      to: t.exposeString('to_state', { description: 'The state after.' }),
      actor: t.exposeString('actor', {
        nullable: false,
        description: 'The key that acted; `plumbline` where the hub acts by itself.',
      }),
      at: t.field({ type: 'Instant', nullable: false, description: 'When.', resolve: (of) => instantText(of.at) }),
      details: t.field({
        type: 'JSON',
        nullable: false,
        description: 'What was brought along: reason, approver, evidence, waiver, figures of the day.',
        resolve: (of) => of.details as JsonValue,
      }),
    }),
  });
}

/** `decisions` on a kind. */
export function addDecisionsOf(
  builder: Builder,
  { ref, decision }: { ref: ObjectRef<Types, Row>; decision: ReturnType<typeof addDecision> },
): void {
  builder.objectField(ref, 'decisions', (t) =>
    t.field({
      type: [decision],
      nullable: false,
      description: 'Every decision on it, oldest first.',
      args: asOfArgument(builder),
      complexity: (args) => ({ field: figureCost(2, args), multiplier: 5 }),
      resolve: (row, { asOf }, context: Context) =>
        context.load.batch(`decisions ${asOf ?? ''}`, String(row['id']), (ids) =>
          readDecisions(standpointOf(context, asOf).rows, ids),
        ),
    }),
  );
}

async function readDecisions(rows: Rows, ids: readonly string[]): Promise<DecisionRow[][]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<DecisionRow>`
    select decision.* from ${asked} join decision on subject_id = asked.id order by version`.execute(rows);
  const bySubject = Map.groupBy(found, (row) => row.subject_id);
  return ids.map((id) => bySubject.get(id) ?? []);
}
