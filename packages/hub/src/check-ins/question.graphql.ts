import { severities } from '@plumbline/connector';
import { InputError } from '../kernel/api-error.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { encodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { pascalCase } from '../kernel/names.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { workStandpointOf } from '../time/worked.past.ts';
import { questionRules, type Question, type QuestionRule } from './question.rules.ts';
import { findSubjects, readQuestions } from './question.store.ts';
import { readerOf } from './reader.ts';
import { knownId } from './subject.ts';

const MOST_ROWS = 100;
const MOST_SUBJECTS = 500;
const MOST_QUESTIONS = 500;

/** `questions` of an opportunity, of a project, and of whatever a review is about. Returns the enum of severities. */
export function addQuestions(graph: Graph) {
  const { builder, typeOf } = graph;
  const { question, rule, severity } = addQuestionType(graph);
  for (const kind of ['opportunity', 'project'] as const)
    builder.objectField(typeOf(kind).ref, 'questions', (t) =>
      t.field({
        type: [question],
        nullable: false,
        description:
          kind === 'opportunity'
            ? 'What to ask about it in a review, the gravest first; nothing about one that is closed.'
            : 'What to ask about it in a review, the gravest first; nothing about one that is not under way.',
        args: asOfArgument(builder),
        complexity: (args) => ({ field: figureCost(kind === 'opportunity' ? 10 : 30, args), multiplier: 1 }),
        resolve: (row, { asOf }, context: Context) =>
          context.load.batch<Question[]>(`questions of ${kind} ${asOf ?? ''}`, String(row['id']), async (ids) => {
            const asked =
              kind === 'opportunity'
                ? { opportunityIds: ids, projectIds: [] }
                : { opportunityIds: [], projectIds: ids };
            const bySubject = Map.groupBy(await questionsOf(context, asOf, asked), ({ subject }) => subject.id);
            return ids.map((id) => bySubject.get(id) ?? []);
          }),
      }),
    );
  builder.queryField('questions', (t) =>
    t.field({
      type: [question],
      nullable: false,
      description: `What to ask in a review, the gravest first: about the given opportunities and projects; or, where no ids are given, about every open opportunity and every project under way, of an owner or a client where one is given. At most ${MOST_SUBJECTS} of each.`,
      args: {
        opportunities: t.arg.idList({ description: 'Ids of opportunities.' }),
        projects: t.arg.idList({ description: 'Ids of projects.' }),
        owner: t.arg.id({ description: 'Id of the seller or manager.' }),
        client: t.arg.id({ description: 'Id of the client.' }),
        rules: t.arg({ type: [rule], description: 'Only these; all when absent.' }),
        first: t.arg.int({ description: `How many; 100 when absent, ${MOST_QUESTIONS} at most.` }),
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(300, args), multiplier: 1 }),
      async resolve(_, args, context: Context) {
        const limit = args.first ?? 100;
        if (limit < 0 || limit > MOST_QUESTIONS)
          throw new InputError('first', `first is ${limit}; 0 to ${MOST_QUESTIONS} are allowed.`, 'Ask by `rules`.');
        const subjects = await subjectsOf(context, args);
        const found = await questionsOf(context, args.asOf, subjects);
        const wanted: readonly QuestionRule[] | null = args.rules ?? null;
        return found.filter((each) => wanted === null || wanted.includes(each.rule)).slice(0, limit);
      },
    }),
  );
  return severity;
}

function addQuestionType(graph: Graph) {
  const { builder, typeOf } = graph;
  const rule = builder.enumType('QuestionRule', {
    description: 'Why something is asked.',
    values: Object.fromEntries(
      Object.entries(questionRules).map(([name, { meaning }]) => [name, { description: meaning }]),
    ) as Record<QuestionRule, { description: string }>,
  });
  const severity = builder.enumType('Severity', {
    description: 'How grave something is.',
    values: severities,
  });
  const about =
    (kind: 'opportunity' | 'project') =>
    (of: Question, _: object, { load }: Context) =>
      of.subject.kind === kind ? load.entity(kind, of.subject.id) : null;
  const question = builder.objectRef<Question>('Question').implement({
    description: 'Something to ask in a review, out of a gap or a movement in the data.',
    fields: (t) => ({
      rule: t.expose('rule', { type: rule, nullable: false, description: 'Why it is asked.' }),
      severity: t.expose('severity', { type: severity, nullable: false, description: 'How grave it is.' }),
      text: t.exposeString('text', { nullable: false, description: 'What is so, and what one wants to know.' }),
      opportunity: t.field({
        type: typeOf('opportunity').ref,
        description: 'The opportunity it is about; null where it is about a project.',
        resolve: about('opportunity'),
      }),
      project: t.field({
        type: typeOf('project').ref,
        description: 'The project it is about; null where it is about an opportunity.',
        resolve: about('project'),
      }),
      rows: t.nodeList({
        description: 'The rows behind it.',
        args: { first: t.arg.int({ description: `How many; 25 unless told, ${MOST_ROWS} at most.` }) },
        complexity: ({ first }) => ({ field: 1, multiplier: Math.max(1, first ?? 25) }),
        ids: ({ rows }, { first }) => rowIds(rows, first),
      }),
    }),
  });
  return { question, rule, severity };
}

/** Global ids of the rows behind something, as many as asked for; throws InputError for too many. */
export function rowIds(rows: Question['rows'], first: number | null | undefined): string[] {
  const limit = first ?? 25;
  if (limit < 0 || limit > MOST_ROWS)
    throw new InputError('first', `first is ${limit}; 0 to ${MOST_ROWS} are allowed.`, 'Ask for fewer.');
  return rows.slice(0, limit).map(({ kind, id }) => encodeId(pascalCase(kind), id));
}

interface Subjects {
  opportunityIds: readonly string[];
  projectIds: readonly string[];
}

async function questionsOf(context: Context, asOf: string | null | undefined, subjects: Subjects): Promise<Question[]> {
  const { rows, now } = await workStandpointOf(context, asOf, subjects.projectIds);
  return readQuestions(rows, { ...subjects, now, reader: readerOf(context), settings: context });
}

async function subjectsOf(
  context: Context,
  args: {
    opportunities?: readonly string[] | null | undefined;
    projects?: readonly string[] | null | undefined;
    owner?: string | null | undefined;
    client?: string | null | undefined;
    asOf?: string | null | undefined;
  },
): Promise<Subjects> {
  const { opportunities, projects, owner, client } = args;
  const given = Boolean(opportunities ?? projects);
  for (const [argument, value] of Object.entries({ owner, client }))
    if (given && value)
      throw new InputError(argument, `Ids are given, and \`${argument}\` too.`, 'Give the one or the other.');
  const found = given
    ? {
        opportunityIds: await idsOf(context, 'opportunity', { ids: opportunities ?? [], argument: 'opportunities' }),
        projectIds: await idsOf(context, 'project', { ids: projects ?? [], argument: 'projects' }),
      }
    : await findSubjects(standpointOf(context, args.asOf).rows, {
        ownerId: owner ? await knownId(context, 'person', { id: owner, argument: 'owner' }) : null,
        clientId: client ? await knownId(context, 'client', { id: client, argument: 'client' }) : null,
        most: MOST_SUBJECTS,
      });
  checkMany('opportunities', found.opportunityIds);
  checkMany('projects', found.projectIds);
  return found;
}

async function idsOf(
  context: Context,
  kind: 'opportunity' | 'project',
  { ids, argument }: { ids: readonly string[]; argument: string },
): Promise<string[]> {
  checkMany(argument, ids);
  return [...new Set(await Promise.all(ids.map((id) => knownId(context, kind, { id, argument }))))];
}

function checkMany(argument: string, ids: readonly string[]): void {
  if (ids.length <= MOST_SUBJECTS) return;
  const remedy = 'Narrow it by `owner` or `client`, or give ids.';
  throw new InputError(argument, `There are more than ${MOST_SUBJECTS}.`, remedy);
}
