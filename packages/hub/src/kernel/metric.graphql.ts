import { kindNames, type JsonValue, type KindName } from '@plumbline/connector';
import type { ObjectRef } from '@pothos/core';
import { knownSinceField } from './as-of.graphql.ts';
import type { Builder, SchemaTypes } from './builder.ts';
import type { Context } from './context.ts';
import { staleSourcesField } from './freshness.graphql.ts';
import { metricUnits, type Figure, type MetricDefinition, type MetricUnit } from './metric.ts';

/** A figure as the graph shows it: computed, with what it was computed of. */
export interface PresentedMetric {
  readonly definition: Pick<MetricDefinition, 'name' | 'description' | 'unit' | 'formula' | 'inputs' | 'period'>;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly figure: Figure;
  /** The currency of its amounts; null where there are none. */
  readonly currency: string | null;
  /** The kinds of entity that its inputs come from; any when absent. */
  readonly kinds?: readonly KindName[];
}

export type MetricRef = ObjectRef<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, PresentedMetric>;

/** Computes a figure for the graph; `currency` is that of the amounts among its inputs. */
export function present<Inputs extends Record<string, JsonValue>>(
  definition: MetricDefinition<Inputs>,
  inputs: Inputs,
  currency: string | null = null,
): PresentedMetric {
  return { definition, inputs, figure: definition.compute(inputs), currency };
}

/** The same figure, by the kinds of entity that its inputs come from. */
export function readFrom(kinds: readonly KindName[], metric: PresentedMetric): PresentedMetric {
  return { ...metric, kinds };
}

const unitMeanings: Readonly<Record<MetricUnit, string>> = {
  RATIO: 'A plain number: 0.24 is 24 %.',
  MONEY: 'An amount in the figure’s currency.',
  SECONDS: 'Seconds.',
  DAYS: 'Days.',
  WEEKS: 'Weeks.',
  COUNT: 'A number of things.',
};

/** The type of every figure in the graph; called once, by the schema. */
export function addMetric(builder: Builder): MetricRef {
  const unit = builder.enumType('MetricUnit', {
    description: 'What a figure is counted in.',
    values: Object.fromEntries(metricUnits.map((name) => [name, { description: unitMeanings[name] }])) as Record<
      MetricUnit,
      { description: string }
    >,
  });
  const input = builder.objectRef<{ name: string; meaning: string; value: JsonValue }>('MetricInput').implement({
    description: 'Something a figure was computed of.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: false, description: 'Its name in the formula.' }),
      meaning: t.exposeString('meaning', { nullable: false, description: 'What it is, with its unit.' }),
      value: t.expose('value', { type: 'JSON', description: 'What it was; null where it is not known.' }),
    }),
  });
  const metric = builder.objectRef<PresentedMetric>('Metric');
  metric.implement({
    description: 'A figure with its formula and what it was computed of, or the reason why there is none.',
    fields: (t) => ({
      name: t.string({
        nullable: false,
        description: 'Its name in docs/metrics.md.',
        resolve: ({ definition }) => definition.name,
      }),
      description: t.string({
        nullable: false,
        description: 'What it says, in one sentence.',
        resolve: ({ definition }) => definition.description,
      }),
      value: t.field({
        type: 'Decimal',
        description: 'The figure, exact; null when there is none.',
        resolve: ({ figure }) => figure.value,
      }),
      reason: t.string({
        description: 'Why there is none; null when there is one.',
        resolve: ({ figure }) => figure.reason,
      }),
      unit: t.field({
        type: unit,
        nullable: false,
        description: 'What it is counted in.',
        resolve: ({ definition }) => definition.unit,
      }),
      currency: t.exposeString('currency', { description: 'ISO 4217 code of its amounts; null where there are none.' }),
      knownSince: t.field(knownSinceField(kindsOf)),
      freshness: t.field({
        type: metric,
        nullable: false,
        description:
          'How fresh what it is computed of is: the freshness of the source that is latest, 1 while all are within their service level, which is three polls. Of now, also where it is computed as of another instant.',
        complexity: 2,
        resolve: async (of, _, context: Context) => (await context.freshnessOf(kindsOf(of))).figure,
      }),
      staleSources: t.field(staleSourcesField(kindsOf)),
      formula: t.string({
        nullable: false,
        description: 'How it is computed, in the names of the inputs.',
        resolve: ({ definition }) => definition.formula,
      }),
      inputs: t.field({
        type: [input],
        nullable: false,
        description: 'What it was computed of, as it was at the time of asking.',
        resolve: ({ definition, inputs }) =>
          Object.entries(inputs).map(([name, value]) => ({ name, meaning: definition.inputs[name] ?? name, value })),
      }),
    }),
  });
  return metric;
}

function kindsOf({ kinds }: PresentedMetric): readonly KindName[] {
  return kinds ?? kindNames;
}
