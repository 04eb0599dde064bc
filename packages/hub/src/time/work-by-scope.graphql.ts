import type { MoneyValue } from '@plumbline/connector';
import { decimal } from '../kernel/decimal.ts';
import type { Context } from '../kernel/context.ts';
import type { Graph } from '../kernel/graph.ts';
import { scopeClasses, type ScopeClass } from './leakage.metrics.ts';
import type { addScope } from './scope.graphql.ts';
import { readWorked, type WorkedLine } from './worked.store.ts';

const SECONDS_PER_HOUR = 3_600;

interface WorkByScope {
  scope: ScopeClass;
  lines: readonly WorkedLine[];
}

/** `work` of a project: its time by the class of its scope, in the currencies of the rates, nothing converted. */
export function addWorkByScope(graph: Graph, scope: ReturnType<typeof addScope>): void {
  const { builder } = graph;
  const work = builder.objectRef<WorkByScope>('WorkByScope').implement({
    description: 'Work of one class, and what it is worth at the rates of its days.',
    fields: (t) => ({
      scope: t.expose('scope', { type: scope, nullable: false, description: 'What the work was for.' }),
      seconds: t.field({
        type: 'Duration',
        nullable: false,
        description: 'How long, in seconds.',
        resolve: ({ lines }) => secondsOf(lines),
      }),
      entries: t.int({
        nullable: false,
        description: 'How many time entries.',
        resolve: ({ lines }) => lines.reduce((sum, line) => sum + line.entries, 0),
      }),
      atBillRates: t.field({
        type: ['Money'],
        nullable: false,
        description: 'At the bill rates, one amount for each currency they are in.',
        resolve: ({ lines }) => amountsOf(lines, 'bill'),
      }),
      atCostRates: t.field({
        type: ['Money'],
        nullable: false,
        description: 'At the cost rates, one amount for each currency they are in.',
        resolve: ({ lines }) => amountsOf(lines, 'cost'),
      }),
      withoutBillRate: t.field({
        type: 'Duration',
        nullable: false,
        description: 'Seconds that are in no amount, since nobody says the bill rate of their day.',
        resolve: ({ lines }) => secondsOf(lines.filter((line) => line.bill_rate === null)),
      }),
      withoutCostRate: t.field({
        type: 'Duration',
        nullable: false,
        description: 'Seconds that are in no amount, since nobody says the cost rate of their day.',
        resolve: ({ lines }) => secondsOf(lines.filter((line) => line.cost_rate === null)),
      }),
    }),
  });
  builder.objectField(graph.typeOf('project').ref, 'work', (t) =>
    t.field({
      type: [work],
      nullable: false,
      description: 'Its time by what it was for, classes without any left out.',
      args: {
        from: t.arg({ type: 'LocalDate', description: 'First day of the work.' }),
        to: t.arg({ type: 'LocalDate', description: 'Last day of the work.' }),
      },
      complexity: { field: 10, multiplier: 3 },
      async resolve(row, { from, to }, context: Context) {
        const lines = await context.load.batch<WorkedLine[]>(
          `work ${from ?? ''} ${to ?? ''}`,
          String(row['id']),
          async (ids) => {
            const found = await readWorked(
              context.rows,
              { projectIds: ids, from: from ?? null, to: to ?? null },
              context.scope,
            );
            const byProject = Map.groupBy(found, (line) => line.project_id);
            return ids.map((id) => byProject.get(id) ?? []);
          },
        );
        const byScope = Map.groupBy(lines, (line) => line.scope);
        return scopeClasses.flatMap((each) => {
          const of = byScope.get(each);
          return of ? [{ scope: each, lines: of }] : [];
        });
      },
    }),
  );
}

function secondsOf(lines: readonly WorkedLine[]): number {
  return lines.reduce((sum, line) => sum + line.seconds, 0);
}

/** Sums first and divides once, so that nothing is lost on the way. */
function amountsOf(lines: readonly WorkedLine[], of: 'bill' | 'cost'): MoneyValue[] {
  const sums = new Map<string, ReturnType<typeof decimal>>();
  for (const line of lines) {
    const [rate, currency] = [line[`${of}_rate`], line[`${of}_currency`]];
    if (rate === null || currency === null) continue;
    sums.set(currency, (sums.get(currency) ?? decimal(0)).plus(decimal(rate).times(line.seconds)));
  }
  return [...sums]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, sum]) => ({ currency, amount: sum.div(SECONDS_PER_HOUR).toDecimalPlaces(18).toFixed() }));
}
