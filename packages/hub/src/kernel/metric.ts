import type { JsonValue } from '@plumbline/connector';
import type { Figure } from './figure.ts';

export type { Figure } from './figure.ts';

/** What a figure is counted in. Ratios are plain numbers (0.24), formatted as percent only where they are shown. */
export const metricUnits = ['RATIO', 'MONEY', 'SECONDS', 'DAYS', 'WEEKS', 'COUNT'] as const;
export type MetricUnit = (typeof metricUnits)[number];

/** An input as plain decimal text, such as an amount or a probability; null when it is not known. */
export type DecimalInput = string | null;
/** An input that counts whole things or whole seconds; null when it is not known. */
export type CountInput = number | null;

/** A definition in code: formula, edges and worked examples from which tests and documentation are made. */
export interface MetricDefinition<Inputs extends Record<string, JsonValue> = Record<string, JsonValue>> {
  /** Camel case, unique over all rooms: `marginErosion`. */
  readonly name: string;
  /** One sentence for people. */
  readonly description: string;
  readonly unit: MetricUnit;
  /** As one writes it on paper, in the names of the inputs: `(revenue - cost) / revenue`. */
  readonly formula: string;
  /** When there is no figure, and what counts in a way one might not expect. */
  readonly edge: string;
  /** What of a period counts, as a sentence; absent for what is of a project as a whole. */
  readonly period?: string;
  /** Every input with its meaning and unit. Amounts are decimal text in one currency, durations integer seconds. */
  readonly inputs: { readonly [Name in keyof Inputs]: string };
  /** Worked examples; `value` is what it comes to, rounded to the digits given, or null. */
  readonly oracles: readonly { readonly inputs: Inputs; readonly value: string | null }[];
  /** Pure and exact; rows of a list count the same in any order, unless the input says that they are in order. */
  compute(inputs: Inputs): Figure;
}

/** Lets the compiler check a definition's inputs, examples and computation against each other. */
export function defineMetric<Inputs extends Record<string, JsonValue>>(
  definition: MetricDefinition<Inputs>,
): MetricDefinition<Inputs> {
  return definition;
}
