import type { JsonValue } from '@plumbline/connector';
import { sql } from 'kysely';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import type { DecisionRow } from '../kernel/decision.store.ts';
import type { Graph } from '../kernel/graph.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import { unnest } from '../kernel/unnest.ts';
import { changeActions, stepsFrom, takenOverAt, type ChangeRequestState } from './change-control.rules.ts';
import { addCommercialMargin } from './commercial-margin.graphql.ts';

/** Where a request stands with the client, as it is read for `commercial`. */
export interface Commercial {
  id: string;
  state: ChangeRequestState | null;
  version: string | number | null;
  opened_at: string | null;
  due_at: string | null;
  closed_at: string | null;
  escalations: string | number | null;
}

/** `commercial` and `decisions` of a change request: its life in the hub beside its life in its source. */
export function addCommercial(graph: Graph, metric: MetricRef): void {
  const { builder } = graph;
  const action = builder.enumType('ChangeAction', {
    values: changeActions,
    description: 'A step in the commercial life of a change request.',
  });
  const review = builder.objectRef<Commercial>('CommercialReview').implement({
    description: 'The time that the commercial review of a request may take.',
    fields: (t) => ({
      openedAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When it opened: as soon as the impact was known in full.',
        resolve: (of) => instantText(of.opened_at),
      }),
      dueAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'Opened plus the service level, in business time.',
        resolve: (of) => instantText(of.due_at),
      }),
      closedAt: t.field({
        type: 'Instant',
        description: 'When it ended; null while it goes on.',
        resolve: (of) => (of.closed_at === null ? null : instantText(of.closed_at)),
      }),
      overdue: t.boolean({
        nullable: false,
        description: 'Whether it goes on past its time, or ended past it.',
        resolve: (of, _, { clock }: Context) =>
          Temporal.Instant.compare(
            of.closed_at === null ? clock.now() : instantText(of.closed_at),
            instantText(of.due_at),
          ) > 0,
      }),
      escalations: t.int({
        nullable: false,
        description: 'How often it was escalated.',
        resolve: (of) => Number(of.escalations ?? 0),
      }),
    }),
  });
  const commercial = builder.objectRef<Commercial>('ChangeRequestCommercial').implement({
    description: 'Where a change request stands with the client, by the decisions made here.',
    fields: (t) => ({
      controlled: t.boolean({
        nullable: false,
        description: 'Whether the hub has decided on it; before, only its source says where it stands.',
        resolve: (of) => Number(of.version ?? 0) > 0,
      }),
      version: t.int({
        nullable: false,
        description: 'Number of decisions so far, for `expectedVersion`.',
        resolve: (of) => Number(of.version ?? 0),
      }),
      nextSteps: t.field({
        type: [action],
        nullable: false,
        description: 'What may come next; the guards of each step have their say when it is taken.',
        resolve: (of) =>
          stepsFrom(Number(of.version ?? 0) > 0 ? (of.state ?? 'CAPTURED') : takenOverAt(of.state)).filter(
            (step) => step !== 'OPEN_REVIEW',
          ),
      }),
      review: t.field({
        type: review,
        description: 'Its commercial review; null before one opened.',
        resolve: (of) => (of.opened_at === null ? null : of),
      }),
    }),
  });
  const { ref } = graph.typeOf('changeRequest');
  builder.objectField(ref, 'commercial', (t) =>
    t.field({
      type: commercial,
      nullable: false,
      description: 'Where it stands with the client.',
      complexity: 3,
      resolve: (row, _, context: Context) =>
        context.load.batch('commercial', String(row['id']), (ids) => readCommercial(context.rows, ids)),
    }),
  );
  addCommercialMargin(graph, commercial, metric);
  addDecisions(graph);
}

function addDecisions(graph: Graph): void {
  const { builder } = graph;
  const decision = builder.objectRef<DecisionRow>('Decision').implement({
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
  builder.objectField(graph.typeOf('changeRequest').ref, 'decisions', (t) =>
    t.field({
      type: [decision],
      nullable: false,
      description: 'Every decision on it, oldest first.',
      complexity: { field: 2, multiplier: 5 },
      resolve: (row, _, context: Context) =>
        context.load.batch('decisions', String(row['id']), (ids) => readDecisions(context.rows, ids)),
    }),
  );
}

async function readCommercial(rows: Rows, ids: readonly string[]): Promise<Commercial[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<Commercial>`
    select asked.id, request.state, decided.version, review.opened_at, review.due_at, review.closed_at, review.escalations
    from ${asked} left join change_request as request on request.id = asked.id
    left join commercial_review as review on review.change_request_id = asked.id
    left join lateral (select max(version) as version from decision where subject_id = asked.id) as decided on true`.execute(
    rows,
  );
  const byId = new Map(found.map((row) => [row.id, row]));
  const nothing = { state: null, version: 0, opened_at: null, due_at: null, closed_at: null, escalations: 0 };
  return ids.map((id) => byId.get(id) ?? { id, ...nothing });
}

async function readDecisions(rows: Rows, ids: readonly string[]): Promise<DecisionRow[][]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<DecisionRow>`
    select decision.* from ${asked} join decision on subject_id = asked.id order by version`.execute(rows);
  const bySubject = Map.groupBy(found, (row) => row.subject_id);
  return ids.map((id) => bySubject.get(id) ?? []);
}
