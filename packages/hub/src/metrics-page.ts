import type { JsonValue } from '@plumbline/connector';
import type { MetricDefinition, MetricUnit } from './kernel/metric.ts';
import { pascalCase, spokenName } from './kernel/names.ts';
import { metricRooms } from './metrics.ts';

const unitMeanings: Readonly<Record<MetricUnit, string>> = {
  RATIO: 'a plain number: 0.24 is 24 %',
  MONEY: 'an amount in the currency of its inputs',
  SECONDS: 'seconds',
  DAYS: 'days',
  WEEKS: 'weeks',
  COUNT: 'a number of things',
};

/** `docs/metrics.md`, made of the definitions and nothing else. */
export function metricsPage(): string {
  const rooms = metricRooms.map(({ title, metrics }) => [`## ${title}`, ...metrics.map(sectionOf)].join('\n\n'));
  return `${[
    '# Metrics',
    'Every figure is computed, exactly, by one of these definitions; this page is printed from them by `pnpm schema`, and their examples are tests. A figure that cannot be computed is `null` with a reason, never 0; amounts are in one currency, durations in seconds, and rounding is left to whoever shows them. Those of a project with a line `Period` can be asked for some days as well, by `from` and `to`; the others are of the project as a whole.',
    ...rooms,
  ].join('\n\n')}\n`;
}

function sectionOf(definition: MetricDefinition): string {
  const { name, description, unit, formula, edge, period, inputs, oracles } = definition;
  const example = oracles.find(({ value }) => value !== null) ?? oracles[0];
  const rows = Object.entries(inputs).map(
    ([input, meaning]) => `| \`${input}\` | ${meaning} | ${shown(example?.inputs[input] ?? null)} |`,
  );
  return [
    `### ${pascalCase(spokenName(name))}`,
    `\`${name}\`: ${description}`,
    `- Unit: \`${unit}\`, ${unitMeanings[unit]}.\n- Formula: \`${formula}\`\n- Edge: ${edge}${period ? `\n- Period: ${period}` : ''}`,
    `| input | meaning | example |\n| --- | --- | --- |\n${rows.join('\n')}`,
    `The example comes to **${example?.value ?? 'no figure'}**.`,
  ].join('\n\n');
}

function shown(value: JsonValue): string {
  if (!Array.isArray(value)) return `\`${String(value)}\``;
  if (value.length === 0) return 'none';
  return value.map((row: JsonValue) => `\`${rowText(row)}\``).join('<br>');
}

function rowText(row: JsonValue): string {
  if (row === null || typeof row !== 'object') return String(row);
  return Object.entries(row)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}
