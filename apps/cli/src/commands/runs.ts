import type { RunReport } from '@plumbline/hub';
import type { Console } from '../console.ts';
import { Ended } from '../failure.ts';
import { describeCounts } from '../progress/counts.ts';
import { nameOf } from '../progress/view.ts';

const INTERRUPTED = 130;

/** Says how the runs ended; throws Ended when one failed, was interrupted or cancelled. */
export function concludeRuns(
  console: Console,
  reports: readonly RunReport[],
  failedChecks: readonly string[] = [],
): void {
  console.emit({ event: 'finished', runs: reports, failedChecks });
  for (const report of reports) {
    if (report.error !== null) console.warn(`${nameOf(report)}: ${report.error}`);
    for (const warning of report.warnings.slice(0, 5)) console.warn(`${nameOf(report)}: ${warning}`);
    if (report.warnings.length > 5)
      console.warn(`${nameOf(report)}: and ${report.warnings.length - 5} more; ask \`quarantine\`.`);
  }
  const failed = reports.filter(({ status }) => status === 'FAILED').length;
  const cancelled = reports.filter(({ status }) => status === 'CANCELLED').length;
  const interrupted = reports.some(({ status }) => status === 'INTERRUPTED');
  console.say(sentence(reports, { failed, cancelled }));
  if (interrupted) throw new Ended(INTERRUPTED);
  if (failed + cancelled + failedChecks.length > 0) throw new Ended(1);
}

function sentence(reports: readonly RunReport[], ended: { failed: number; cancelled: number }): string {
  const counts = reports.map((report) => report.counts);
  const [first, ...rest] = counts;
  if (!first) return 'Nothing was due.';
  const sum = rest.reduce((total, each) => {
    const added = { ...total };
    for (const name of Object.keys(each) as (keyof typeof each)[]) added[name] += each[name];
    return added;
  }, first);
  const how = Object.entries(ended)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `, ${count} ${name}`)
    .join('');
  return `${reports.length} ${reports.length === 1 ? 'stream' : 'streams'}${how}; ${describeCounts(sum)}.`;
}
