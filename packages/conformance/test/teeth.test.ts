import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBench, type Bench, type Task } from '../src/bench.ts';
import { checksOf } from '../src/checks.ts';
import { Violation } from '../src/violation.ts';
import type { Broken } from './broken/broken.ts';
import { brokenChannels } from './broken/channels.ts';
import { brokenChanges } from './broken/changes.ts';
import { brokenErasure } from './broken/erasure.ts';
import { brokenFaults } from './broken/faults.ts';
import { brokenReading } from './broken/reading.ts';
import { brokenRecords } from './broken/records.ts';
import { brokenTime } from './broken/time.ts';
import { brokenWebhooks } from './broken/webhooks.ts';
import { ledgerConnector } from './ledger-connector.ts';
import { ledgerConformance } from './ledger-subject.ts';

const ORDINARY = 'every record there is comes with the first read, once';

const brokenConnectors = [
  ...brokenReading,
  ...brokenTime,
  ...brokenFaults,
  ...brokenChanges,
  ...brokenErasure,
  ...brokenRecords,
  ...brokenWebhooks,
  ...brokenChannels,
];
const ordinary = brokenConnectors.filter(({ found }) => !found.includes(ORDINARY));

let bench: Bench;
const tasks = new Map<Broken, Map<string, Task>>();

beforeAll(async () => {
  for (const broken of brokenConnectors) {
    const proof = broken.habits.channels ? 'CHANNEL' : 'SIGNATURE';
    const conformance = ledgerConformance(broken.fault, ledgerConnector(broken.habits), proof);
    const checks = checksOf(conformance).filter(({ name }) => name === ORDINARY || broken.found.includes(name));
    tasks.set(broken, new Map(checks.map((check) => [check.name, { conformance, check }])));
  }
  bench = await openBench([...tasks.values()].flatMap((each) => [...each.values()]));
});

afterAll(() => bench.close());

async function verdict(broken: Broken, check: string): Promise<unknown> {
  const task = tasks.get(broken)?.get(check);
  if (!task) throw new RangeError(`There is no check "${check}".`);
  return bench.make(task).then(
    () => 'passed',
    (error: unknown) => (error instanceof Violation ? error.message : error),
  );
}

test.each(brokenConnectors.map((broken) => [broken.fault, broken] as const))(
  'a connector that %s is found out',
  async (_, broken) => {
    expect(broken.found.length).toBeGreaterThan(0);
    for (const check of broken.found) expect(await verdict(broken, check)).toMatch(broken.saying);
  },
);

test.each(ordinary.map((broken) => [broken.fault, broken] as const))(
  'a connector that %s does nothing else wrong: it reads what there is',
  async (_, broken) => {
    expect(await verdict(broken, ORDINARY)).toBe('passed');
  },
);

test('every check finds some connector out, but for one that holds the hub to its word', () => {
  const conformance = ledgerConformance('any', ledgerConnector());
  const found = new Set(brokenConnectors.flatMap((broken) => broken.found));
  const toothless = checksOf(conformance).flatMap(({ name }) => (found.has(name) ? [] : [name]));
  expect(toothless).toEqual(['a page is stored whole with the cursor behind it, or not at all']);
});
