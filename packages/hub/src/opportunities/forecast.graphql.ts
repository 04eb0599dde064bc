import type { ObjectRef } from '@pothos/core';
import { InputError } from '../kernel/api-error.ts';
import type { SchemaTypes } from '../kernel/builder.ts';
import type { Context } from '../kernel/context.ts';
import { decimal } from '../kernel/decimal.ts';
import type { Graph } from '../kernel/graph.ts';
import { localDay } from '../kernel/local-day.ts';
import { present, readFrom, type MetricRef } from '../kernel/metric.graphql.ts';
import { standpointOf } from '../kernel/standpoint.ts';
import { pipelineKinds } from './pipeline-groups.graphql.ts';
import { forecastAccuracy, forecastBias, weightedPipeline } from './pipeline.metrics.ts';
import { readOpenPipeline, readWonAmount, type ConvertedSum, type PipelineQuestion } from './pipeline.store.ts';

interface Asked {
  question: PipelineQuestion;
  won(): Promise<ConvertedSum>;
}

/** `forecastAccuracy` and `forecastBias` of a pipeline: what it was said to bring, against what was won. */
export function addForecast<Shape extends Asked>(
  graph: Graph,
  metric: MetricRef,
  pipeline: ObjectRef<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, Shape>,
): void {
  const { builder } = graph;
  const figure = (definition: typeof forecastAccuracy, description: string) =>
    builder.objectField(pipeline, definition.name, (t) =>
      t.field({
        type: metric,
        nullable: false,
        description: `${description} The forecast is what was won by then and what open deals were expected to bring, as it stood at \`forecastAt\`; of a period that is not over there is none, nor where a part has no rate of exchange.`,
        args: {
          forecastAt: t.arg({
            type: 'Instant',
            description: 'When the forecast was made; as the period began, in UTC, when absent.',
          }),
        },
        complexity: { field: 40, multiplier: 1 },
        resolve: async ({ question, won }, { forecastAt }, context: Context) => {
          const isOver = question.to < question.today;
          if (forecastAt && localDay(forecastAt, 'UTC') > question.to)
            throw new InputError(
              'forecastAt',
              `The period was over on ${question.to}: what was said later is no forecast of it.`,
              'Give an instant before its end.',
            );
          const [forecast, actual] = isOver
            ? await Promise.all([readForecast(context, question, forecastAt), won().then(whole)])
            : [null, null];
          return readFrom(pipelineKinds, present(definition, { forecast, actual }, question.currency));
        },
      }),
    );
  figure(forecastAccuracy, 'How near the forecast of the period came.');
  figure(forecastBias, 'Whether the forecast of the period promised too much or too little.');
}

/** What a part of would be told as the whole is not told. */
function whole({ amount, unconverted }: ConvertedSum): string | null {
  return unconverted.length > 0 ? null : amount;
}

/** What was won by then and what was expected of the rest; null where one of them cannot be told. */
async function readForecast(
  context: Context,
  question: PipelineQuestion,
  forecastAt: string | null | undefined,
): Promise<string | null> {
  const at = forecastAt ?? `${question.from}T00:00:00Z`;
  return context.load.batch<string | null>(`forecast ${JSON.stringify(question)}`, at, (instants) =>
    Promise.all(
      instants.map(async (instant) => {
        const { rows, now } = standpointOf(context, instant);
        const then: PipelineQuestion = { ...question, today: localDay(now, 'UTC') };
        const [open, sold] = await Promise.all([readOpenPipeline(rows, then), readWonAmount(rows, then)]);
        const expected = whole({ ...open, amount: weightedPipeline.compute({ ...open }).value });
        const won = whole(sold);
        return expected === null || won === null ? null : decimal(expected).plus(won).toFixed();
      }),
    ),
  );
}
