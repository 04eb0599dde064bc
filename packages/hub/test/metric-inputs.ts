import type { JsonValue } from '@plumbline/connector';
import fc from 'fast-check';
import type { MetricDefinition } from '../src/kernel/metric.ts';

type Inputs = Readonly<Record<string, JsonValue>>;

/** Any amount, rate or probability: as many digits as the graph takes, and the awkward small ones. */
export const decimals = fc.oneof(
  fc.constantFrom('0', '0.1', '1', '-1', '3', '0.000000000000000001'),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 30n) + 1n, max: 10n ** 30n - 1n }), fc.stringMatching(/^(\.\d{1,18})?$/))
    .map(([whole, fraction]) => `${whole}${fraction}`),
);
const counts = fc.oneof(fc.constant(0), fc.maxSafeNat());
const days = fc
  .date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('2100-01-01') })
  .map((day) => day.toISOString().slice(0, 10));

/** Inputs like those of a definition's examples: as large and as small as they may be, missing where they were missing. */
export function inputsLike({ oracles }: MetricDefinition): fc.Arbitrary<Inputs> {
  return rowLike(oracles.map(({ inputs }) => inputs));
}

function rowLike(rows: readonly Inputs[]): fc.Arbitrary<Inputs> {
  const names = Object.keys(rows[0] ?? {});
  return fc.record(Object.fromEntries(names.map((name) => [name, like(rows.map((row) => row[name] ?? null))])));
}

function like(examples: readonly JsonValue[]): fc.Arbitrary<JsonValue> {
  const known = examples.filter((example) => example !== null);
  return known.length < examples.length ? fc.oneof(fc.constant(null), likeKnown(known)) : likeKnown(known);
}

function likeKnown(examples: readonly JsonValue[]): fc.Arbitrary<JsonValue> {
  const [example] = examples;
  if (Array.isArray(example)) return fc.array(like(examples.flat()), { maxLength: 20 });
  if (typeof example === 'object') return rowLike(examples as readonly Inputs[]);
  if (typeof example === 'number') return counts;
  if (/^\d{4}-\d\d-\d\d$/.test(String(example))) return days;
  return /^-?[\d.]+$/.test(String(example)) ? decimals : fc.constantFrom(...examples);
}
