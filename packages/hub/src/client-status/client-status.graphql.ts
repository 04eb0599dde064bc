import SchemaBuilder, { type ObjectRef } from '@pothos/core';
import type { MoneyValue } from '@plumbline/connector';
import type { GraphQLSchema } from 'graphql';
import {
  changeWords,
  milestoneWords,
  type StatusChange,
  type StatusMessage,
  type StatusMilestone,
  type StatusProject,
  type ClientStatus,
  type StatusWait,
} from './client-status.rules.ts';

interface ClientSchemaTypes {
  Context: { status: ClientStatus };
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    Decimal: { Input: never; Output: string };
    Instant: { Input: never; Output: string };
    LocalDate: { Input: never; Output: string };
  };
}

type Builder = PothosSchemaTypes.SchemaBuilder<PothosSchemaTypes.ExtendDefaultTypes<ClientSchemaTypes>>;

/**
 * What a client may ask: a schema of its own, so that nothing of the hub's is in it to be hidden. It takes no arguments
 * and reads nothing by itself; all that it shows was read for one token before it runs.
 */
export function buildClientSchema(): GraphQLSchema {
  const builder: Builder = new SchemaBuilder<ClientSchemaTypes>({ defaultFieldNullability: false });
  builder.scalarType('Decimal', {
    description: 'An exact decimal number as text, such as "1250.50".',
    serialize: String,
  });
  builder.scalarType('Instant', {
    description: 'A point in time in UTC, such as "2026-03-01T09:30:00Z".',
    serialize: String,
  });
  builder.scalarType('LocalDate', { description: 'A calendar date, such as "2026-03-01".', serialize: String });
  const price = builder.objectRef<MoneyValue>('StatusPrice').implement({
    description: 'An exact amount in a currency.',
    fields: (t) => ({
      amount: t.expose('amount', { type: 'Decimal', description: 'The amount.' }),
      currency: t.exposeString('currency', { description: 'ISO 4217 code, such as "EUR".' }),
    }),
  });
  const message = builder.objectRef<StatusMessage>('StatusMessage').implement({
    description: 'What we say to you.',
    fields: (t) => ({
      text: t.exposeString('text', { description: 'In our words.' }),
      on: t.expose('on', { type: 'LocalDate', description: 'The day of which it speaks.' }),
      nextStep: t.exposeString('nextStep', { nullable: true, description: 'What comes next.' }),
      nextStepOn: t.expose('nextStepOn', {
        type: 'LocalDate',
        nullable: true,
        description: 'The day of the next step.',
      }),
    }),
  });
  const wait = addWait(builder, price);
  const project = addProject(builder, {
    message,
    wait,
    milestone: addMilestone(builder),
    change: addChange(builder, price),
  });
  const freshness = builder.objectRef<ClientStatus>('StatusFreshness').implement({
    description: 'How fresh a status is.',
    fields: (t) => ({
      readAt: t.expose('readAt', {
        type: 'Instant',
        nullable: true,
        description:
          'What is shown was read from our systems at this time or later; null while not all of it was read.',
      }),
      value: t.expose('freshness', {
        type: 'Decimal',
        nullable: true,
        description: '1 while all is as fresh as it should be, less when it is older, 0 when it is much too old.',
      }),
      isLate: t.exposeBoolean('isLate', { description: 'Whether something is older than it should be.' }),
    }),
  });
  const status = builder.objectRef<ClientStatus>('Status').implement({
    description: 'How your projects stand.',
    fields: (t) => ({
      firm: t.exposeString('firm', { description: 'Who works for you.' }),
      client: t.exposeString('client', { description: 'Your name, as we know it.' }),
      asOf: t.expose('asOf', { type: 'Instant', description: 'When this was put together.' }),
      freshness: t.field({ type: freshness, description: 'How fresh it is.', resolve: (of) => of }),
      complete: t.exposeBoolean('complete', {
        description: 'False when there is more than is shown; ask us for the rest.',
      }),
      messages: t.expose('messages', {
        type: [message],
        description: 'The latest we say to you about each of our offers that are open, the latest first.',
      }),
      waitingForYou: t.expose('waitingForYou', {
        type: [wait],
        description: 'What we wait for from you that belongs to none of the projects, the earliest first.',
      }),
      projects: t.expose('projects', { type: [project], description: 'The projects that are going on.' }),
    }),
  });
  builder.queryType({ description: 'What can be asked.' });
  builder.queryField('status', (t) =>
    t.field({ type: status, description: 'How your projects stand.', resolve: (_, __, context) => context.status }),
  );
  return builder.toSchema();
}

function addMilestone(builder: Builder) {
  const state = builder.enumType('StatusMilestoneState', {
    description: 'Where a milestone stands. LATE: expected after the agreed day, or that day has passed.',
    values: wordValues(milestoneWords),
  });
  return builder.objectRef<StatusMilestone>('StatusMilestone').implement({
    description: 'Something a project reaches by a day.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Stays the same for this milestone.' }),
      name: t.exposeString('name', { description: 'What is reached.' }),
      state: t.expose('state', { type: state, description: 'Where it stands.' }),
      due: t.expose('due', { type: 'LocalDate', nullable: true, description: 'The day that was agreed.' }),
      forecast: t.expose('forecast', { type: 'LocalDate', nullable: true, description: 'The day expected now.' }),
      achievedOn: t.expose('achievedOn', {
        type: 'LocalDate',
        nullable: true,
        description: 'The day it was reached; null while it is not.',
      }),
    }),
  });
}

type Ref<Shape> = ObjectRef<PothosSchemaTypes.ExtendDefaultTypes<ClientSchemaTypes>, Shape>;
type PriceRef = Ref<MoneyValue>;

function addChange(builder: Builder, price: PriceRef) {
  const state = builder.enumType('StatusChangeState', {
    description: 'Where a change stands.',
    values: wordValues(changeWords),
  });
  const decision = builder.enumType('StatusDecision', {
    description: 'What you decided.',
    values: ['ACCEPTED', 'DECLINED'] as const,
  });
  const quote = builder.objectRef<NonNullable<StatusChange['quote']>>('StatusQuote').implement({
    description: 'What was offered to you for a change.',
    fields: (t) => ({
      price: t.expose('price', { type: price, nullable: true, description: 'What you would pay more, or less.' }),
      quotedOn: t.expose('quotedOn', { type: 'LocalDate', description: 'The day of the offer.' }),
      validUntil: t.expose('validUntil', {
        type: 'LocalDate',
        description: 'The last day on which it can be accepted.',
      }),
    }),
  });
  return builder.objectRef<StatusChange>('StatusChange').implement({
    description: 'Something a project is asked to do beyond what was agreed.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Stays the same for this change.' }),
      title: t.exposeString('title', { description: 'What is asked for, in one line.' }),
      state: t.expose('state', { type: state, description: 'Where it stands.' }),
      words: t.string({ description: 'The same in words.', resolve: (of) => changeWords[of.state] }),
      quote: t.expose('quote', { type: quote, nullable: true, description: 'What was offered; null before.' }),
      decision: t.expose('decision', {
        type: decision,
        nullable: true,
        description: 'What you decided on the offer; null while no decision is on record.',
      }),
      decidedOn: t.expose('decidedOn', {
        type: 'LocalDate',
        nullable: true,
        description: 'The day on which that was recorded.',
      }),
    }),
  });
}

function addWait(builder: Builder, price: PriceRef) {
  return builder.objectRef<StatusWait>('StatusWait').implement({
    description: 'Something that nobody but you can do.',
    fields: (t) => ({
      what: t.exposeString('what', { description: 'What we wait for.' }),
      price: t.expose('price', { type: price, nullable: true, description: 'What it is worth.' }),
      since: t.expose('since', { type: 'LocalDate', nullable: true, description: 'Since when.' }),
      validUntil: t.expose('validUntil', {
        type: 'LocalDate',
        nullable: true,
        description: 'The last day on which it can be accepted; null where it has none.',
      }),
    }),
  });
}

function addProject(
  builder: Builder,
  types: {
    message: Ref<StatusMessage>;
    wait: Ref<StatusWait>;
    milestone: ReturnType<typeof addMilestone>;
    change: ReturnType<typeof addChange>;
  },
) {
  const step = builder.objectRef<StatusProject['nextSteps'][number]>('StatusStep').implement({
    description: 'What comes next.',
    fields: (t) => ({
      what: t.exposeString('what', { description: 'What is reached.' }),
      on: t.expose('on', { type: 'LocalDate', nullable: true, description: 'The day it is expected.' }),
    }),
  });
  return builder.objectRef<StatusProject>('StatusProject').implement({
    description: 'What we do for you.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'Stays the same for this project.' }),
      name: t.exposeString('name', { description: 'What it is called.' }),
      milestones: t.expose('milestones', {
        type: [types.milestone],
        description: 'What it is to reach, and has reached.',
      }),
      changeRequests: t.expose('changeRequests', {
        type: [types.change],
        description: 'What it is asked to do beyond what was agreed, the latest first.',
      }),
      nextSteps: t.expose('nextSteps', { type: [step], description: 'What comes next, the earliest first.' }),
      message: t.expose('message', {
        type: types.message,
        nullable: true,
        description: 'The latest we say to you about it; null where we said nothing.',
      }),
      waitingForYou: t.expose('waitingForYou', { type: [types.wait], description: 'What we wait for from you.' }),
    }),
  });
}

function wordValues<Words extends Readonly<Record<string, string>>>(words: Words) {
  return Object.fromEntries(Object.entries(words).map(([name, said]) => [name, { description: `${said}.` }])) as Record<
    keyof Words,
    { description: string }
  >;
}
