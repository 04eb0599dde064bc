import { sql } from 'kysely';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Rows } from '../kernel/database.ts';
import type { Graph } from '../kernel/graph.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import { standpointOf } from '../kernel/standpoint.ts';
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
  /** The past instant it is shown as of; null for now. */
  asOf: string | null;
}

/** `commercial` of a change request: its life in the hub beside its life in its source. */
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
        resolve: (of, _, context: Context) =>
          Temporal.Instant.compare(
            of.closed_at === null ? standpointOf(context, of.asOf).now : instantText(of.closed_at),
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
      args: asOfArgument(builder),
      complexity: (args) => figureCost(3, args),
      resolve: async (row, { asOf }, context: Context): Promise<Commercial> => ({
        ...(await context.load.batch(`commercial ${asOf ?? ''}`, String(row['id']), (ids) =>
          readCommercial(standpointOf(context, asOf).rows, ids),
        )),
        asOf: asOf ?? null,
      }),
    }),
  );
  addCommercialMargin(graph, commercial, metric);
}

async function readCommercial(rows: Rows, ids: readonly string[]): Promise<Omit<Commercial, 'asOf'>[]> {
  const asked = unnest('asked', ids, [{ name: 'id', type: 'uuid', value: (id) => id }]);
  const { rows: found } = await sql<Omit<Commercial, 'asOf'>>`
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
