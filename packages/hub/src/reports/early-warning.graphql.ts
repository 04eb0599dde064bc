import { InputError } from '../kernel/api-error.ts';
import { asOfArgument, figureCost } from '../kernel/as-of.graphql.ts';
import type { Context } from '../kernel/context.ts';
import { encodeId } from '../kernel/global-id.ts';
import type { Graph } from '../kernel/graph.ts';
import { inTurn } from '../kernel/in-turn.ts';
import type { MetricRef } from '../kernel/metric.graphql.ts';
import { pascalCase } from '../kernel/names.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { workStandpointOf } from '../time/worked.past.ts';
import { inOrder, warningCodes, type EarlyWarning, type WarningCode } from './early-warning.rules.ts';
import type { WarningLimits } from './early-warning.settings.ts';
import {
  findPeople,
  findStaff,
  readPeopleWarnings,
  readWarningFacts,
  type WarningFacts,
} from './early-warning.store.ts';
import { projectsAtOnce } from './facts-of-many.store.ts';
import { loadFacts, projectFigures } from './metrics.graphql.ts';
import type { PortfolioRef } from './portfolio.graphql.ts';
import { basisOf } from './project-metrics.rules.ts';
import { projectWarnings } from './project-warnings.rules.ts';

declare module '../kernel/context.ts' {
  interface Context {
    warningLimits: WarningLimits;
  }
}

type AsOf = string | null | undefined;

const MOST_CAUSES = 100;
const MOST_WARNINGS = 500;

/** `warnings` of a project, of a person and of a portfolio, and `peopleWarnings` of a team or of everybody. */
export function addEarlyWarnings(graph: Graph, metric: MetricRef, portfolio: PortfolioRef): void {
  const { builder } = graph;
  const { warning, code } = addWarning(graph, metric);
  const which = {
    codes: builder.args((t) => ({ codes: t.field({ type: [code], description: 'Only these; all when absent.' }) })),
    first: builder.args((t) => ({
      first: t.int({ description: `How many; 100 unless told, ${MOST_WARNINGS} at most.` }),
    })),
  };
  builder.objectField(graph.typeOf('project').ref, 'warnings', (t) =>
    t.field({
      type: [warning],
      nullable: false,
      description:
        'What is past its limit, as `warnings` of the configuration sets it: cost and schedule performance, cost performance that keeps falling, burn gap, lost margin, hours nobody ordered, more time than planned, little budget left, decisions that are waited for, reports that were missed.',
      args: { ...which.codes, ...asOfArgument(builder) },
      complexity: (args) => ({ field: figureCost(30, args), multiplier: 1 }),
      resolve: async (row, { codes, asOf }, context: Context) =>
        only(await loadProjectWarnings(context, String(row['id']), asOf), codes),
    }),
  );
  builder.objectField(graph.typeOf('person').ref, 'warnings', (t) =>
    t.field({
      type: [warning],
      nullable: false,
      description:
        'Weeks, from this one on, in which they are promised or wanted for more than they can work; and weeks in a row, up to the last one, in each of which they worked too much.',
      args: { ...which.codes, ...asOfArgument(builder) },
      complexity: (args) => ({ field: figureCost(20, args), multiplier: 1 }),
      resolve: async (row, { codes, asOf }, context: Context) =>
        only(await loadPersonWarnings(context, String(row['id']), asOf), codes),
    }),
  );
  builder.objectField(portfolio, 'warnings', (t) =>
    t.field({
      type: [warning],
      nullable: false,
      description:
        'Those of its projects, whether or not they are in the figures, and of the people who are booked for them or worked in them lately.',
      args: { ...which.codes, ...which.first },
      complexity: { field: 500, multiplier: 1 },
      async resolve({ projectIds, asOf }, { codes, first }, context: Context) {
        const { rows, now } = await workStandpointOf(context, asOf, projectIds);
        const staff = await findStaff(rows, { projectIds, today: now.slice(0, 10) });
        const found = await Promise.all([
          ...projectIds.map((id) => loadProjectWarnings(context, id, asOf)),
          ...staff.map((id) => loadPersonWarnings(context, id, asOf)),
        ]);
        return limited(only(found.flat(), codes), first);
      },
    }),
  );
  builder.queryField('peopleWarnings', (t) =>
    t.field({
      type: [warning],
      nullable: false,
      description: 'Who is booked for more than they can work, and who works too much: of a team, or of everybody.',
      args: {
        team: t.arg.string({ description: 'Of this team; everybody when absent.' }),
        ...which.codes,
        ...which.first,
        ...asOfArgument(builder),
      },
      complexity: (args) => ({ field: figureCost(200, args), multiplier: 1 }),
      async resolve(_, { team, codes, first, asOf }, context: Context) {
        const { rows } = standpointOf(context, asOf);
        const ids = await findPeople(rows, team ?? null);
        const found = await Promise.all(ids.map((id) => loadPersonWarnings(context, id, asOf)));
        return limited(only(found.flat(), codes), first);
      },
    }),
  );
}

function addWarning(graph: Graph, metric: MetricRef) {
  const { builder, typeOf } = graph;
  const code = builder.enumType('WarningCode', {
    description: 'Which limit a figure is past.',
    values: warningCodes,
  });
  const subject = (kind: 'project' | 'person') => (of: EarlyWarning, _: object, context: Context) =>
    of.subject.kind === kind ? context.load.entity(kind, of.subject.id) : null;
  const warning = builder.objectRef<EarlyWarning>('EarlyWarning').implement({
    description: 'A figure that is past where somebody should look, while something can still be done.',
    fields: (t) => ({
      code: t.expose('code', { type: code, nullable: false, description: 'Which limit.' }),
      project: t.field({
        type: typeOf('project').ref,
        description: 'The project it is about; null where it is about a person.',
        resolve: subject('project'),
      }),
      person: t.field({
        type: typeOf('person').ref,
        description: 'The person it is about; null where it is about a project.',
        resolve: subject('person'),
      }),
      message: t.exposeString('message', { nullable: false, description: 'What is so, in one sentence.' }),
      value: t.field({
        type: 'Decimal',
        description:
          'The figure, in the unit of `metric`; null where something is booked for somebody without capacity.',
        resolve: ({ metric: of }) => of.figure.value,
      }),
      threshold: t.expose('threshold', {
        type: 'Decimal',
        nullable: false,
        description: 'The limit that it is past, in the same unit.',
      }),
      metric: t.expose('metric', {
        type: metric,
        nullable: false,
        description: 'The figure, with what it was computed of.',
      }),
      from: t.field({
        type: 'LocalDate',
        description: 'First day that it is about; null where it is about now.',
        resolve: ({ period }) => period?.from,
      }),
      to: t.field({
        type: 'LocalDate',
        description: 'Last day that it is about; null where it is about now.',
        resolve: ({ period }) => period?.to,
      }),
      causes: t.nodeList({
        description:
          'The rows behind it: allocations, time entries or change requests. Empty for a figure of a whole project, whose lists lead to them.',
        args: { first: t.arg.int({ description: `How many; 25 unless told, ${MOST_CAUSES} at most.` }) },
        complexity: ({ first }) => ({ field: 1, multiplier: Math.max(1, first ?? 25) }),
        ids({ causes }, { first }) {
          const limit = first ?? 25;
          if (limit < 0 || limit > MOST_CAUSES)
            throw new InputError('first', `first is ${limit}; 0 to ${MOST_CAUSES} are allowed.`, 'Ask for fewer.');
          return causes.slice(0, limit).map(({ kind, id }) => encodeId(pascalCase(kind), id));
        },
      }),
    }),
  });
  return { warning, code };
}

async function loadProjectWarnings(context: Context, projectId: string, asOf: AsOf): Promise<EarlyWarning[]> {
  const [project, facts] = await Promise.all([
    loadFacts(context, projectId, { asOf, period: null }),
    context.load.batch<WarningFacts>(`warning facts ${asOf ?? ''}`, projectId, (projectIds) =>
      inTurn(projectIds, projectsAtOnce(asOf), async (some) => {
        const { rows, now } = await workStandpointOf(context, asOf, some);
        return readWarningFacts(rows, { projectIds: some, now, settings: context });
      }),
    ),
  ]);
  if (!project) return [];
  return projectWarnings({
    projectId,
    today: project.today,
    plan: project.measured,
    metrics: projectFigures(basisOf(project), project.plan.currency),
    facts,
    limits: context.warningLimits,
    settings: context.earnedValue,
  });
}

function loadPersonWarnings(context: Context, personId: string, asOf: AsOf): Promise<EarlyWarning[]> {
  return context.load.batch<EarlyWarning[]>(`person warnings ${asOf ?? ''}`, personId, async (personIds) => {
    const { rows, now } = await workStandpointOf(context, asOf, null);
    return readPeopleWarnings(rows, { personIds, now, settings: context });
  });
}

function only(warnings: readonly EarlyWarning[], codes: readonly WarningCode[] | null | undefined): EarlyWarning[] {
  return inOrder(codes ? warnings.filter(({ code }) => codes.includes(code)) : warnings);
}

function limited(warnings: readonly EarlyWarning[], first: number | null | undefined): readonly EarlyWarning[] {
  const limit = first ?? 100;
  if (limit >= 0 && limit <= MOST_WARNINGS) return warnings.slice(0, limit);
  throw new InputError('first', `first is ${limit}; 0 to ${MOST_WARNINGS} are allowed.`, 'Ask by `codes`.');
}
