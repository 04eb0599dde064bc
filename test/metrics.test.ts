import { metricsPage } from '@plumbline/hub';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('docs/metrics.md is what the definitions say; `pnpm schema` writes it anew', () => {
  expect(readFileSync(new URL('../docs/metrics.md', import.meta.url), 'utf8')).toBe(metricsPage());
});
