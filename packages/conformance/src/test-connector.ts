import { afterAll, beforeAll, describe, test } from 'vitest';
import { openBench, type Bench, type Task } from './bench.ts';
import { checksOf, reasonNotToMake } from './checks.ts';
import type { Conformance } from './subject.ts';

/** The checks of very many records take their time on a small machine. */
const SLOWEST_MS = 180_000;

/**
 * Puts a connector's stream through every check, against its emulator and through a real hub. A check that the subject
 * cannot serve is reported as skipped, with the subject's reason.
 */
export function testConnector(conformance: Conformance): void {
  describe.for([conformance])('$title', () => {
    const checks = checksOf(conformance);
    const tasks = new Map<string, Task>(
      checks
        .filter((check) => reasonNotToMake(check, conformance) === null)
        .map((check) => [check.name, { conformance, check }]),
    );
    let bench: Bench;
    beforeAll(async () => {
      bench = await openBench([...tasks.values()]);
    });
    afterAll(() => bench?.close());

    // oxlint-disable-next-line vitest/expect-expect -- a check throws a Violation
    test.for(checks)('$name', { timeout: SLOWEST_MS }, async (check, context) => {
      const task = tasks.get(check.name);
      if (task) await bench.make(task);
      else context.skip(`not checked: ${reasonNotToMake(check, conformance)}`);
    });
  });
}
