import { ConflictError, InputError } from '../kernel/api-error.ts';
import { mutationErrors } from '../kernel/builder.ts';
import { instantText } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import { snakeCase } from '../kernel/names.ts';
import { limitOf, publishingArguments } from './publishing.graphql.ts';
import { termNames } from './proposal-terms.rules.ts';
import { readProposals } from './proposal-terms.store.ts';
import {
  clauseSeverities,
  complianceOf,
  type Clause,
  type Compliance,
  type Standard,
  type TermName,
} from './standard.rules.ts';
import {
  publishStandard,
  readStandard,
  readStandards,
  readStandardVersion,
  type PublishedStandard,
} from './standard.store.ts';

/** What every proposal has to say, and how far each says it. */
export function addStandards(graph: Graph, metric: MetricRef): void {
  const { builder } = graph;
  const types = addClause(graph);
  const standard = builder.objectRef<PublishedStandard>('SowStandard').implement({
    description: 'What every statement of work has to say. Never changed: the next version takes its place.',
    fields: (t) => ({
      version: t.exposeInt('version', {
        nullable: false,
        description: 'From 1; 0 for what the hub asks for as long as nothing is published.',
      }),
      clauses: t.field({
        type: [types.clause],
        nullable: false,
        description: 'What is wanted, in order.',
        resolve: ({ clauses }) => clauses,
      }),
      publishedBy: t.exposeString('publishedBy', { description: 'The key that published it; null for version 0.' }),
      publishedAt: t.field({
        type: 'Instant',
        description: 'When; null for version 0.',
        resolve: ({ publishedAt }) => (publishedAt === null ? null : instantText(publishedAt)),
      }),
    }),
  });
  builder.queryField('sowStandards', (t) =>
    t.field({
      type: [standard],
      nullable: false,
      description: 'The standard that holds and those before it, the latest first.',
      complexity: ({ first }) => ({ field: 1, multiplier: Math.max(1, first ?? 25) }),
      args: { first: t.arg.int({ description: 'How many; 25 when absent, 100 at most.' }) },
      async resolve(_, { first }, { rows }: Context) {
        const limit = limitOf(first);
        const published = await readStandards(rows, limit);
        return published.length > 0 || limit === 0 ? published : [await readStandard(rows)];
      },
    }),
  );
  addCompliance(graph, metric, types.clause);
  builder.mutationField('publishStandard', (t) =>
    t.field({
      type: standard,
      nullable: false,
      description:
        'Publishes what every statement of work has to say, as the next version; the same clauses as before make none. Terms of every proposal are measured by the latest.',
      errors: mutationErrors('The standard that holds now.', [ConflictError]),
      args: {
        clauses: t.arg({ type: [types.clauseInput], required: true, description: 'What is wanted; 50 at most.' }),
        ...publishingArguments(builder),
      },
      resolve: (_, { clauses, expectedVersion, idempotencyKey }, context: Context) =>
        context.database.transaction(async (rows) => {
          await context.own.lock(rows);
          return publishStandard(rows, {
            clauses: clauses.map(clauseOf),
            expectedVersion,
            idempotencyKey,
            actor: context.actor,
            now: context.clock.now().toString(),
          });
        }),
    }),
  );
}

interface ClauseInput {
  id: string;
  wants: string;
  term: TermName;
  atLeast?: number | null | undefined;
  contains?: readonly string[] | null | undefined;
  severity?: Clause['severity'] | null | undefined;
}

function clauseOf({ id, wants, term, atLeast, contains, severity }: ClauseInput): Clause {
  return {
    id: id.trim(),
    wants: wants.trim(),
    term,
    atLeast: atLeast ?? null,
    contains: (contains ?? []).map((word) => word.trim()),
    severity: severity ?? 'MUST',
  };
}

function addClause({ builder }: Graph) {
  const term = builder.enumType('ProposalTerm', {
    description: 'Something a proposal says.',
    values: Object.fromEntries(termNames.map((name) => [snakeCase(name).toUpperCase(), { value: name }])) as Record<
      string,
      { value: TermName }
    >,
  });
  const severity = builder.enumType('ClauseSeverity', {
    description: 'How much a clause weighs.',
    values: {
      MUST: {
        description:
          'No proposal is approved or submitted without it, once a standard is published; before that it is only told.',
      },
      SHOULD: { description: 'Who leaves it out knows why.' },
    } satisfies Record<(typeof clauseSeverities)[number], { description: string }>,
  });
  const clause = builder.objectRef<Clause>('SowClause').implement({
    description: 'What every statement of work has to say in one place.',
    fields: (t) => ({
      id: t.exposeString('id', { nullable: false, description: 'The name people say.' }),
      wants: t.exposeString('wants', { nullable: false, description: 'What is wanted, in one sentence.' }),
      term: t.expose('term', { type: term, nullable: false, description: 'The term that has to say it.' }),
      atLeast: t.exposeInt('atLeast', {
        description: 'The least number of characters of a text, or of members of a list; null where any will do.',
      }),
      contains: t.stringList({
        nullable: false,
        description: 'Words that have to stand in it, whatever their capitals.',
        resolve: ({ contains }) => [...contains],
      }),
      severity: t.expose('severity', { type: severity, nullable: false, description: 'How much it weighs.' }),
    }),
  });
  const clauseInput = builder.inputRef<ClauseInput>('SowClauseInput').implement({
    description: 'What every statement of work has to say in one place: the term is not empty, and what is given here.',
    fields: (t) => ({
      id: t.string({ required: true, description: 'The name people say; unique within the standard.' }),
      wants: t.string({ required: true, description: 'What is wanted, in one sentence; shown where it is missing.' }),
      term: t.field({ type: term, required: true, description: 'The term that has to say it.' }),
      atLeast: t.int({
        description: 'The least number of characters of a text, or of members of a list; refused for other terms.',
      }),
      contains: t.stringList({
        description:
          'Words that have to stand in a text or a list, whatever their capitals; 20 at most, refused for other terms.',
      }),
      severity: t.field({ type: severity, description: 'How much it weighs; MUST when absent.' }),
    }),
  });
  return { clause, clauseInput };
}

function addCompliance(
  { builder, typeOf }: Graph,
  metric: MetricRef,
  clause: ReturnType<typeof addClause>['clause'],
): void {
  const missing = builder.objectRef<Compliance['missing'][number]>('MissingClause').implement({
    description: 'A clause of the standard that a proposal does not meet.',
    fields: (t) => ({
      clause: t.expose('clause', { type: clause, nullable: false, description: 'What is wanted.' }),
      found: t.exposeString('found', {
        nullable: false,
        description: 'What the proposal says instead, in one sentence.',
      }),
    }),
  });
  const compliance = builder.objectRef<Compliance>('SowCompliance').implement({
    description: 'How far a proposal says what every statement of work has to say.',
    fields: (t) => ({
      standardVersion: t.exposeInt('standardVersion', {
        nullable: false,
        description: 'The version of the standard it is measured by.',
      }),
      ratio: t.expose('ratio', { type: metric, nullable: false, description: 'The share of clauses that are met.' }),
      missing: t.field({
        type: [missing],
        nullable: false,
        description: 'The clauses that are not, in the order of the standard.',
        resolve: (of) => of.missing,
      }),
    }),
  });
  builder.objectField(typeOf('proposal').ref, 'compliance', (t) =>
    t.field({
      type: compliance,
      description: 'How far its terms say what the standard wants; null for one that is deleted.',
      complexity: 3,
      args: {
        standard: t.arg.int({ description: 'The version of the standard, 0 or above; the latest when absent.' }),
      },
      async resolve(row, { standard: version }, context: Context) {
        const proposal = await context.load.batch('proposal terms', String(row['id']), (ids) =>
          readProposals(context.rows, ids),
        );
        if (!proposal) return null;
        return complianceOf(proposal.terms, await loadStandard(context, version ?? null));
      },
    }),
  );
}

/** Once a request. Throws InputError for a version that there is not. */
async function loadStandard(context: Context, version: number | null): Promise<Standard> {
  const found = await context.load.batch<Standard | null>('sow standard', String(version ?? ''), (versions) =>
    Promise.all(
      versions.map((each) =>
        each === '' ? readStandard(context.rows) : readStandardVersion(context.rows, Number(each)),
      ),
    ),
  );
  if (found) return found;
  throw new InputError('standard', `There is no version ${version} of the standard.`, 'List `sowStandards`.');
}
