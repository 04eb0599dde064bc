import type { Check } from '../check.ts';
import { demand } from '../violation.ts';

const HUGE_BYTES = 10_000_000;
const DEPTH = 2_000;
const DAY_MS = 86_400_000;

/** Records that are not what they should be. */
export const recordChecks: readonly Check[] = [
  {
    name: 'a record that cannot be read waits in quarantine, and everything else goes on',
    wants: ['spoil'],
    async run(stand) {
      const ids = stand.make(stand.subject.pageSize + 1);
      const [bad = '', good = ''] = ids;
      await stand.read();
      stand.subject.spoil?.(bad);
      stand.change(good);
      stand.settle();
      const report = await stand.poll();
      demand(report.status === 'PARTIAL', `A poll with a record that cannot be read ended ${report.status}.`);
      demand((await stand.quarantined()).has(bad), 'A record that cannot be read is not in quarantine.');
      await stand.mustShow('after a record could not be read');
      stand.subject.repair?.(bad);
      stand.settle();
      await stand.read();
      demand((await stand.quarantined()).size === 0, 'A record that was repaired is still in quarantine.');
    },
  },
  {
    name: 'a record that cannot be read on the very first page stops nothing',
    wants: ['spoil'],
    async run(stand) {
      const [bad = ''] = stand.make(stand.subject.pageSize + 1);
      stand.subject.spoil?.(bad);
      stand.settle();
      const report = await stand.poll();
      demand(report.status === 'PARTIAL', `A first read with a record that cannot be read ended ${report.status}.`);
      await stand.mustShow('after a first read with a record that cannot be read', { except: [bad] });
    },
  },
  {
    name: 'a record of 10 MB stops nothing',
    wants: ['lay'],
    run: (stand) => withMembers(stand, { padding: 'x'.repeat(HUGE_BYTES) }),
  },
  {
    name: `a record nested ${DEPTH} deep stops nothing`,
    wants: ['lay'],
    run: (stand) => withMembers(stand, { nested: nest(DEPTH) }),
  },
];

/** The odd record is in the graph, or in quarantine with a word; the others are in the graph. */
async function withMembers(stand: Parameters<Check['run']>[0], members: Record<string, unknown>): Promise<void> {
  const [odd = '', plain = ''] = stand.make(stand.subject.pageSize + 1);
  stand.subject.lay?.(odd, members);
  stand.settle();
  for (const round of ['a first read', 'a second one']) {
    const report = await stand.poll();
    const said = report.error ?? '';
    demand(['SUCCEEDED', 'PARTIAL'].includes(report.status), `${round} ended ${report.status}: ${said}`);
    const excused = report.warnings.some((warning) => warning.includes(odd)) || (await stand.quarantined()).has(odd);
    await stand.mustShow(`after ${round} with an odd record`, { except: excused ? [odd] : [] });
    stand.change(plain);
    stand.settle(DAY_MS);
  }
}

function nest(depth: number): unknown {
  let nested: unknown = 'the innermost';
  for (let level = 0; level < depth; level += 1) nested = [nested];
  return nested;
}
