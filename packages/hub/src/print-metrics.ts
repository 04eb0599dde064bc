import { writeFileSync } from 'node:fs';
import { metricsPage } from './metrics-page.ts';

/** Writes docs/metrics.md anew. */
writeFileSync(new URL('../../../docs/metrics.md', import.meta.url), metricsPage());
