import { HubError } from '@plumbline/connector';
import { instant, text } from '@plumbline/connector/fields';
import { sql } from 'kysely';
import { InputError, NotFoundError, RefusedError } from '../kernel/api-error.ts';
import { wasDecided } from '../kernel/decision.store.ts';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { decodeId } from '../kernel/global-id.ts';
import type { Graph, ListedType } from '../kernel/graph.ts';
import type { Listable } from '../kernel/listable.ts';
import { requireEraser } from './erasure.settings.ts';
import { ERASE, standingOf, type ErasureRow } from './erasure.store.ts';
import type { ErasureTarget } from './erasure-subject.store.ts';
import type { ErasureCount } from './erasure.ts';
import type { StreamId } from './record-store.ts';

const erasure: Listable = {
  typeName: 'Erasure',
  table: 'erasure',
  mortal: false,
  fields: {
    askedBy: text('The key that asked for it, or the source whose vendor did.'),
    reason: text('Why.'),
    erasedAt: instant('When it was done.'),
  },
};

/** `erasures`, what one would do, and the mutations that erase. */
export function addErasures(graph: Graph): void {
  const { builder } = graph;
  const type = graph.addListable(
    erasure,
    'That something was erased: when, why, for whom and how much; what it was is not kept.',
  );
  const fields = addCounts(graph);
  builder.objectFields(type.ref, (t) => ({
    id: t.id({ nullable: false, description: 'Id of the erasure.', resolve: (row) => String(row['id']) }),
    records: t.field({
      type: [fields.record],
      nullable: false,
      description: 'Where the records were that are erased. Of their ids a hash stays, which nothing shows.',
      resolve: (row) => row['records'] as StreamId[],
    }),
    counts: t.field({
      type: [fields.count],
      nullable: false,
      description: 'What was erased or made unknowable. Without any, nothing had been kept.',
      resolve: (row) => row['counts'] as ErasureCount[],
    }),
    leftAlone: t.field({
      type: [fields.count],
      nullable: false,
      description:
        'Where it still stands, by table: what people wrote here, which is theirs to change, keys of other rows, clients of the same name.',
      resolve: (row) => row['left_alone'] as ErasureCount[],
    }),
  }));
  graph.addRootList(type, 'erasures', 'What was erased, for whom and why.');
  addPreview(graph, fields);
  addMutations(graph, type);
}

function addCounts({ builder }: Graph) {
  const count = builder.objectRef<ErasureCount>('ErasureCount').implement({
    description: 'Rows of one place where the hub keeps what sources say.',
    fields: (t) => ({
      what: t.exposeString('what', { nullable: false, description: 'What they are.' }),
      rows: t.exposeInt('rows', { nullable: false, description: 'How many.' }),
    }),
  });
  const record = builder.objectRef<StreamId>('ErasedRecord').implement({
    description: 'A record that was erased.',
    fields: (t) => ({
      source: t.exposeString('sourceId', { nullable: false, description: 'The source it was of.' }),
      stream: t.exposeString('stream', { nullable: false, description: 'The stream it came through.' }),
    }),
  });
  return { count, record };
}

type CountTypes = ReturnType<typeof addCounts>;

const described = {
  source: 'The source, by the name it was installed under.',
  stream: 'The stream of the source.',
  recordId: 'The record’s id in its source, as `provenance` and `quarantine` give it.',
  person: 'Id of a person: every record of theirs, in every source.',
} as const;

function addPreview({ builder }: Graph, { count, record }: CountTypes): void {
  const preview = builder.objectRef<ErasureRow>('ErasurePreview').implement({
    description: 'What an erasure would do.',
    fields: (t) => ({
      records: t.field({
        type: [record],
        nullable: false,
        description: 'The records that would be erased.',
        resolve: (of) => [...of.records],
      }),
      counts: t.field({
        type: [count],
        nullable: false,
        description: 'What would be erased or made unknowable.',
        resolve: (of) => [...of.counts],
      }),
      leftAlone: t.field({
        type: [count],
        nullable: false,
        description: 'Where it would still stand, by table.',
        resolve: (of) => [...of.left_alone],
      }),
    }),
  });
  builder.queryField('erasurePreview', (t) =>
    t.field({
      type: preview,
      nullable: false,
      description:
        'What erasing a record, or a person, would do. It is done and taken back, so syncing waits meanwhile.',
      complexity: 500,
      args: {
        source: t.arg.string({ description: described.source }),
        stream: t.arg.string({ description: described.stream }),
        recordId: t.arg.string({ description: described.recordId }),
        person: t.arg.id({ description: described.person }),
      },
      async resolve(_, { source, stream, recordId, person }, context: Context) {
        requireEraser(context.actor, context.erasure);
        const isRecord = source && stream && recordId && !person;
        if (!isRecord && (!person || source || stream || recordId)) {
          throw new InputError(
            'person',
            'An erasure is of one record or of one person.',
            'Give `source`, `stream` and `recordId`, or `person`.',
          );
        }
        const target = isRecord
          ? await heldRecord(context, { source, stream, recordId })
          : await knownPerson(context, person ?? '');
        return context.actions.previewErasure({ target, askedBy: context.actor, reason: 'a preview' });
      },
    }),
  );
}

function addMutations({ builder }: Graph, type: ListedType): void {
  const errors = {
    types: [RefusedError, InputError, NotFoundError, HubError],
    dataField: { description: 'What was done.' },
  };
  const why = 'Why, such as the number of the request; it is kept, so it had better name nobody. 1 to 500 characters.';
  const once = 'Given again, the erasure that was done for it is answered.';
  const done = async (
    context: Context,
    input: { target: ErasureTarget; reason: string; idempotencyKey?: string | null | undefined },
  ) => {
    const { id } = await context.actions.erase({
      ...input,
      reason: checkedReason(input.reason),
      askedBy: context.actor,
    });
    const { rows } = await sql<Row>`select * from erasure where id = ${id}::uuid`.execute(context.database.rows);
    const [row] = rows;
    if (!row) throw new Error('the erasure is not on record');
    return row;
  };
  builder.mutationField('eraseRecord', (t) =>
    t.field({
      type: type.ref,
      nullable: false,
      description:
        'Forgets a record of a source: its payload, what was made of it, its history, and what quotes it. It is never taken again, by whatever way it comes. What other sources say of the same entity stays. There is no way back.',
      errors,
      args: {
        source: t.arg.string({ required: true, description: described.source }),
        stream: t.arg.string({ required: true, description: described.stream }),
        recordId: t.arg.string({ required: true, description: described.recordId }),
        reason: t.arg.string({ required: true, description: why }),
        idempotencyKey: t.arg.string({ description: once }),
      },
      async resolve(_, { reason, idempotencyKey, ...named }, context: Context) {
        requireEraser(context.actor, context.erasure);
        const target = await heldRecord(context, named, idempotencyKey);
        return done(context, { target, reason, idempotencyKey });
      },
    }),
  );
  builder.mutationField('erasePerson', (t) =>
    t.field({
      type: type.ref,
      nullable: false,
      description:
        'Forgets somebody: every record of theirs in every source, and their names, addresses and accounts in what other records say. Role, team and hours stay, of somebody nobody can name. There is no way back.',
      errors,
      args: {
        person: t.arg.id({ required: true, description: described.person }),
        reason: t.arg.string({ required: true, description: why }),
        idempotencyKey: t.arg.string({ description: once }),
      },
      async resolve(_, { person, reason, idempotencyKey }, context: Context) {
        requireEraser(context.actor, context.erasure);
        return done(context, { target: await knownPerson(context, person), reason, idempotencyKey });
      },
    }),
  );
}

const LONGEST_REASON = 500;

function checkedReason(reason: string): string {
  const trimmed = reason.trim();
  if (trimmed !== '' && trimmed.length <= LONGEST_REASON) return trimmed;
  throw new InputError('reason', `A reason has 1 to ${LONGEST_REASON} characters.`, 'Give the number of the request.');
}

async function knownPerson({ load }: Context, id: string): Promise<ErasureTarget> {
  const row = await load.entity('person', decodeId(id, 'person', 'person'));
  if (row) return { personId: String(row['id']) };
  throw new NotFoundError('There is no such person.', 'Take `id` from `people`.');
}

/** What is there to be erased; with a key that was used, the record is gone and the key tells what became of it. */
async function heldRecord(
  { database, sources }: Context,
  named: { source: string; stream: string; recordId: string },
  idempotencyKey?: string | null,
): Promise<ErasureTarget> {
  const source = sources.find(({ id }) => id === named.source);
  if (!source)
    throw new InputError(
      'source',
      `There is no source "${named.source}".`,
      `There are: ${sources.map(({ id }) => id).join(', ')}.`,
    );
  const record = { sourceId: source.id, stream: named.stream, externalId: named.recordId };
  const standing = await standingOf(database.rows, record);
  if (standing === 'HELD') return { record };
  if (await wasDecided(database.rows, { idempotencyKey, subjectId: null, action: ERASE })) return { record };
  throw new NotFoundError(
    standing === 'ERASED' ? 'This record was erased before.' : `${source.id} has no such record in "${named.stream}".`,
    standing === 'ERASED'
      ? 'Nothing is left to be done.'
      : 'Take source, stream and `recordId` from `provenance` or `quarantine`.',
  );
}
