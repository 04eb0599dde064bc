import {
  createBudget,
  createTransport,
  manualClock,
  parseRecord,
  redactor,
  silentLogger,
  type PollContext,
} from '@plumbline/connector';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTemplateVendorEmulator, type EmulatedRisk, type TemplateVendorEmulator } from '../emulator/index.ts';
import { templateVendor } from '../src/index.ts';

const token = 'a-secret-token';
const late: EmulatedRisk = {
  id: 7,
  title: 'The supplier is late',
  status: 'open',
  probability: 0.3,
  cost: '80000.50',
  project: 'ABC',
};

const clock = manualClock('2026-03-02T09:00:00Z');
let emulator: TemplateVendorEmulator;
beforeEach(async () => {
  emulator = await startTemplateVendorEmulator({ clock, token, pageSizes: [2] });
});
afterEach(() => emulator.close());

function open(given = token) {
  const config = { address: emulator.url, currency: 'EUR' };
  const installed = templateVendor.install({ id: 'acme', config, secrets: { token: given } });
  const http = createTransport({
    source: 'acme',
    budget: createBudget(installed.limits, clock),
    diagnose: installed.diagnose,
    clock,
    logger: silentLogger,
    redact: redactor(installed.secretTexts),
  });
  const { config: bound, secrets } = installed;
  const context: PollContext = {
    config: bound,
    secrets,
    http,
    clock,
    logger: silentLogger,
    signal: new AbortController().signal,
    since: null,
    expect: () => {},
  };
  return { installed, context };
}

function openStream() {
  const { installed, context } = open();
  const [stream] = installed.streams;
  if (!stream) throw new Error('the connector has no stream');
  return { stream, context };
}

async function poll(since: Temporal.Instant | null = null, cursor: unknown = null) {
  const { stream, context } = openStream();
  const pages = await Array.fromAsync(stream.poll({ ...context, since }, cursor));
  const records = pages.flatMap((page) => page.records).flatMap(({ payload }) => stream.map(payload).map(parseRecord));
  return { pages, records, cursor: pages.at(-1)?.cursor };
}

test('a risk becomes a record with its key, money in the configured currency and a reference to its project', async () => {
  emulator.put(late);
  expect((await poll()).records).toEqual([
    {
      kind: 'risk',
      id: 'self',
      keys: ['template-vendor-risk:7'],
      fields: {
        title: 'The supplier is late',
        status: 'OPEN',
        probability: '0.3',
        impact: { amount: '80000.50', currency: 'EUR' },
        project: 'jira-project-key:ABC',
      },
    },
  ]);
});

test('pages are read to the end, and the next poll brings only what changed since', async () => {
  for (const id of [1, 2, 3]) emulator.put({ ...late, id });
  const first = await poll();
  expect(first.pages.map(({ records, complete }) => [records.length, complete])).toEqual([
    [2, false],
    [1, true],
  ]);
  clock.advance(3_600_000);
  emulator.put({ ...late, id: 2, status: 'closed' });
  const second = await poll(clock.now(), first.cursor);
  expect(second.records.map(({ keys, fields }) => [keys, fields])).toMatchObject([
    [['template-vendor-risk:2'], { status: 'CLOSED' }],
  ]);
  expect((await poll(clock.now().add({ seconds: 1 }), second.cursor)).cursor).toEqual(second.cursor);
});

test('a risk that changes while pages are read comes on a later one, and none is passed over in its place', async () => {
  for (const id of [1, 2, 3, 4, 5]) {
    emulator.put({ ...late, id });
    clock.advance(60_000);
  }
  const { stream, context } = openStream();
  const pages: string[][] = [];
  for await (const { records } of stream.poll(context, null)) {
    if (pages.push(records.map(({ id }) => id)) === 1) emulator.put({ ...late, id: 1, status: 'closed' });
  }
  expect(pages).toEqual([
    ['1', '2'],
    ['3', '4'],
    ['5', '1'],
  ]);
});

test('a census lists what there is with the time of its change, and what it lists can be read by its id', async () => {
  for (const id of [1, 2, 3]) emulator.put({ ...late, id });
  emulator.remove(2);
  const { stream, context } = openStream();
  const listed = (await Array.fromAsync(stream.census?.(context) ?? [])).flat();
  expect(listed).toEqual(['1', '3'].map((id) => ({ id, changedAt: '2026-03-02T10:05:00.000Z' })));
  const seen = await stream.look?.(context, ['1', '2', '3']);
  expect(seen?.records.map(({ id }) => id)).toEqual(['1', '3']);
});

test('a vendor that is busy is asked again', async () => {
  emulator.put(late);
  emulator.faults.add({ kind: 'answer', status: 429, times: 1, headers: { 'retry-after': '5' } });
  expect((await poll()).records).toHaveLength(1);
});

test('the check says whether the token is accepted, and never shows it', async () => {
  const checkOf = ({ installed, context }: ReturnType<typeof open>) => installed.check(context);
  expect(await checkOf(open())).toMatchObject([{ subject: 'credentials', ok: true }]);
  const refused = await checkOf(open('another-token'));
  expect(refused).toMatchObject([{ ok: false, message: expect.stringContaining('rejects the credentials') }]);
  expect(JSON.stringify(refused)).not.toContain('another-token');
});
