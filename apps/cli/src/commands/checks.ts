import type { Check } from '@plumbline/connector';
import type { Hub } from '@plumbline/hub';
import type { Console } from '../console.ts';

interface CheckedSource {
  sourceId: string;
  checks: readonly Check[];
}

/** Asks each source's vendor about credentials, scopes and mapping; says what fails. Gives the sources that can be read. */
export async function checkSources(
  hub: Hub,
  console: Console,
  sourceId?: string,
): Promise<{ readable: string[]; failed: string[] }> {
  const checked = await hub.check(sourceId);
  for (const source of checked) sayFailures(console, source);
  const failed = checked
    .filter(({ checks }) => checks.some(({ ok, blocks = true }) => !ok && blocks))
    .map((source) => source.sourceId);
  return { failed, readable: checked.map((source) => source.sourceId).filter((id) => !failed.includes(id)) };
}

function sayFailures(console: Console, { sourceId, checks }: CheckedSource): void {
  for (const { subject, message, remedy } of checks.filter(({ ok }) => !ok)) {
    console.emit({ event: 'check-failed', sourceId, subject, message, remedy });
    console.warn(`${sourceId} ${subject}: ${message} ${remedy}`.trim());
  }
}
