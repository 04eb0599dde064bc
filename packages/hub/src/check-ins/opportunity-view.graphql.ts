import { InputError } from '../kernel/api-error.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { encodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { essenceOf } from './latest-views.rules.ts';
import type { Audience, Perspective } from './opportunity-view.ts';
import { readLatestViews, readViews, type LatestViews, type ViewRow } from './opportunity-view.store.ts';
import { readerOf } from './reader.ts';

const MOST = 100;

/** The views of opportunities and projects. Returns their types. */
export function addOpportunityViews(graph: Graph) {
  const types = addViewType(graph);
  addViewLists(graph, types);
  addLatest(graph, types);
  return types;
}

export type ViewTypes = ReturnType<typeof addViewType>;

function addViewType({ builder, typeOf }: Graph) {
  const perspective = builder.enumType('ViewPerspective', {
    description: 'From whose side something is seen.',
    values: {
      SELLER: { description: 'Of who sells it.' },
      CLIENT: { description: 'Of the client, as somebody heard it.' },
      OPERATIONS: { description: 'Of business operations or delivery.' },
    } satisfies Record<Perspective, { description: string }>,
  });
  const audience = builder.enumType('ViewAudience', {
    description: 'Who may read it. Who wrote it down always may.',
    values: {
      PRIVATE: { description: 'Nobody else.' },
      LEADERSHIP: { description: 'The keys that `checkIns.leadership` of the configuration names.' },
      TEAM: { description: 'Every key of this hub.' },
      CLIENT: { description: 'Every key of this hub; it may be shown to the client.' },
    } satisfies Record<Audience, { description: string }>,
  });
  const view = builder.objectRef<ViewRow>('OpportunityView').implement({
    description: 'How somebody sees an opportunity, or a project: never changed, a later one stands beside it.',
    fields: (t) => ({
      id: t.id({ nullable: false, description: 'Its id.', resolve: (of) => encodeId('OpportunityView', of.id) }),
      perspective: t.expose('perspective', { type: perspective, nullable: false, description: 'From whose side.' }),
      text: t.exposeString('text', { nullable: false, description: 'What is so, in their words.' }),
      confidence: t.expose('confidence', {
        type: 'Decimal',
        description: 'How sure they are that it succeeds, 0 to 1; null where they did not say.',
      }),
      nextStep: t.exposeString('next_step', { description: 'What happens next, in their words.' }),
      nextStepDate: t.expose('next_step_date', { type: 'LocalDate', description: 'The day that is due.' }),
      helpWanted: t.exposeString('help_wanted', { description: 'What would help, and from whom.' }),
      audience: t.expose('audience', { type: audience, nullable: false, description: 'Who may read it.' }),
      asOf: t.field({
        type: 'Instant',
        nullable: false,
        description: 'Of when it speaks.',
        resolve: (of) => instantText(of.as_of),
      }),
      recordedAt: t.field({
        type: 'Instant',
        nullable: false,
        description: 'When it was written down.',
        resolve: (of) => instantText(of.recorded_at),
      }),
      actor: t.exposeString('actor', { nullable: false, description: 'The key that wrote it down.' }),
      author: t.field({
        type: typeOf('person').ref,
        description: 'Whose view it is, as the one who wrote it down says.',
        resolve: (of, _, { load }: Context) => (of.author_id === null ? null : load.entity('person', of.author_id)),
      }),
      opportunity: t.field({
        type: typeOf('opportunity').ref,
        description: 'The opportunity it is about; null where it is about a project.',
        resolve: (of, _, { load }: Context) =>
          of.subject_kind === 'opportunity' ? load.entity('opportunity', of.subject_id) : null,
      }),
      project: t.field({
        type: typeOf('project').ref,
        description: 'The project it is about; null where it is about an opportunity.',
        resolve: (of, _, { load }: Context) =>
          of.subject_kind === 'project' ? load.entity('project', of.subject_id) : null,
      }),
      obstacles: t.field({
        type: [typeOf('obstacle').ref],
        nullable: false,
        description: 'What it said is in the way, as that is now.',
        complexity: { field: 1, multiplier: 3 },
        resolve: async (of, _, { load }: Context) =>
          present(await Promise.all(of.obstacle_ids.map((id) => load.entity('obstacle', id)))),
      }),
      needsToClose: t.field({
        type: [typeOf('closeNeed').ref],
        nullable: false,
        description: 'What it said is needed to close, as that is now.',
        complexity: { field: 1, multiplier: 3 },
        resolve: async (of, _, { load }: Context) =>
          present(await Promise.all(of.close_need_ids.map((id) => load.entity('closeNeed', id)))),
      }),
    }),
  });
  return { view, perspective, audience };
}

function present<Value>(values: readonly (Value | null)[]): Value[] {
  return values.filter((value) => value !== null);
}

function addViewLists({ builder, typeOf }: Graph, { view, perspective }: ViewTypes): void {
  for (const kind of ['opportunity', 'project'] as const)
    builder.objectField(typeOf(kind).ref, 'views', (t) =>
      t.field({
        type: [view],
        nullable: false,
        description: 'How people have seen it, the latest first: what the key that asks may read.',
        args: {
          perspective: t.arg({ type: perspective, description: 'From this side; from all when absent.' }),
          first: t.arg.int({ description: `How many; 25 when absent, ${MOST} at most.` }),
          ...asOfArgument(builder),
        },
        complexity: (args) => ({ field: figureCost(2, args), multiplier: Math.max(1, args.first ?? 25) }),
        async resolve(row, { perspective: side, first, asOf }, context: Context): Promise<ViewRow[]> {
          const limit = first ?? 25;
          if (limit < 0 || limit > MOST)
            throw new InputError('first', `first is ${limit}; 0 to ${MOST} are allowed.`, 'Ask for fewer.');
          const { rows } = standpointOf(context, asOf);
          const filter = { reader: readerOf(context), perspective: side ?? null, limit };
          return context.load.batch(`views ${side ?? ''} ${limit} ${asOf ?? ''}`, String(row['id']), (ids) =>
            readViews(rows, ids, filter),
          );
        },
      }),
    );
}

interface Latest extends LatestViews {
  essence: string | null;
}

function addLatest({ builder, typeOf }: Graph, { view }: ViewTypes): void {
  const side = (perspective: Perspective, description: string) => ({
    type: view,
    description,
    resolve: ({ views }: Latest) => views[perspective] ?? null,
  });
  const latest = builder.objectRef<Latest>('LatestViews').implement({
    description: 'The latest view of each side, side by side: what the key that asks may read.',
    fields: (t) => ({
      seller: t.field(side('SELLER', 'The seller’s; null as long as there is none.')),
      client: t.field(side('CLIENT', 'The client’s; null as long as there is none.')),
      operations: t.field(side('OPERATIONS', 'That of operations; null as long as there is none.')),
      nextStep: t.field({
        type: view,
        description:
          'The latest view that names a next step. The step that a source knows stands beside it, in `nextStep` of the opportunity.',
        resolve: ({ withNextStep }) => withNextStep,
      }),
      essence: t.exposeString('essence', {
        description: 'One line: how sure each side is, how far they are apart, and what happens next.',
      }),
    }),
  });
  for (const kind of ['opportunity', 'project'] as const)
    builder.objectField(typeOf(kind).ref, 'latestViews', (t) =>
      t.field({
        type: latest,
        nullable: false,
        description: 'How it is seen by the seller, by the client and by operations.',
        args: asOfArgument(builder),
        complexity: (args) => figureCost(3, args),
        async resolve(row, { asOf }, context: Context): Promise<Latest> {
          const { rows } = standpointOf(context, asOf);
          const found = await context.load.batch(`latest views ${asOf ?? ''}`, String(row['id']), (ids) =>
            readLatestViews(rows, ids, readerOf(context)),
          );
          const { views, withNextStep: step } = found;
          const nextStep = step?.next_step ? { text: step.next_step, date: step.next_step_date } : null;
          return { ...found, essence: essenceOf(views, nextStep) };
        },
      }),
    );
}
