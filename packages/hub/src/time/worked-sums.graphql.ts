import type { MoneyValue } from '@plumbline/connector';
import type { ObjectRef } from '@pothos/core';
import type { Builder, SchemaTypes } from '../kernel/builder.ts';
import type { Row } from '../kernel/columns.ts';
import type { Context } from '../kernel/context.ts';
import { decimal } from '../kernel/decimal.ts';
import { askedPeriod } from '../kernel/grouped.graphql.ts';
import { workStandpointOf } from './worked.past.ts';
import { readWorked, type WorkedLine } from './worked.store.ts';

/** Work that belongs together by something, in lines of one pair of currencies each. */
export interface WorkedTogether {
  lines: readonly WorkedLine[];
}

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>;

/** Adds to a type how long such work took and what it is worth: in the currencies of the rates, nothing converted. */
export function addWorkedSums<Together extends WorkedTogether>(
  builder: Builder,
  ref: ObjectRef<Types, Together>,
): void {
  builder.objectFields(ref as unknown as ObjectRef<Types, WorkedTogether>, (t) => ({
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
      resolve: ({ lines }) => secondsOf(lines.filter((line) => line.bill === null)),
    }),
    withoutCostRate: t.field({
      type: 'Duration',
      nullable: false,
      description: 'Seconds that are in no amount, since nobody says the cost rate of their day.',
      resolve: ({ lines }) => secondsOf(lines.filter((line) => line.cost === null)),
    }),
  }));
}

/** The work of a project within a period, one read for all projects that are asked for it. */
export function loadWorked(
  project: Row,
  period: { from?: string | null | undefined; to?: string | null | undefined; asOf?: string | null | undefined },
  context: Context,
): Promise<WorkedLine[]> {
  const { from, to } = askedPeriod(period);
  const asOf = period.asOf ?? null;
  return context.load.batch<WorkedLine[]>(`work ${from} ${to} ${asOf}`, String(project['id']), async (ids) => {
    const { rows } = await workStandpointOf(context, asOf, ids);
    const found = await readWorked(rows, { projectIds: ids, from, to }, context);
    const byProject = Map.groupBy(found, (line) => line.project_id);
    return ids.map((id) => byProject.get(id) ?? []);
  });
}

function secondsOf(lines: readonly WorkedLine[]): number {
  return lines.reduce((sum, line) => sum + line.seconds, 0);
}

function amountsOf(lines: readonly WorkedLine[], of: 'bill' | 'cost'): MoneyValue[] {
  const sums = new Map<string, ReturnType<typeof decimal>>();
  for (const line of lines) {
    const [amount, currency] = [line[of], line[`${of}_currency`]];
    if (amount === null || currency === null) continue;
    sums.set(currency, (sums.get(currency) ?? decimal(0)).plus(amount));
  }
  return [...sums]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, sum]) => ({ currency, amount: sum.toFixed() }));
}
