import { HubError } from '@plumbline/connector';
import { afterEach, expect, test } from 'vitest';
import { configSchema } from './config.ts';
import { accessToken, deal, openPortal, type OpenPortal } from './test-kit.ts';
import { diagnose, limitsOf } from './vendor-errors.ts';

let open: OpenPortal | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

const answer = (status: number, body: object | string, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

test.each([
  ['TEN_SECONDLY_ROLLING', 'account', 10_000],
  ['SECONDLY', 'class', 1_000],
  ['DAILY', 'account', 3_600_000],
  [undefined, 'class', 1_000],
])('429 with policy %s makes the %s wait %i ms', (policyName, scope, afterMs) => {
  const body = { status: 'error', category: 'RATE_LIMITS', errorType: 'RATE_LIMIT', policyName };
  expect(diagnose(answer(429, body), 'hs')).toMatchObject({
    outcome: 'retry',
    scope,
    afterMs,
    error: { code: 'RATE_LIMITED' },
  });
});

test('Retry-After outweighs what the policy says', () => {
  expect(diagnose(answer(429, { policyName: 'SECONDLY' }, { 'retry-after': '7' }), 'hs')).toMatchObject({
    afterMs: 7_000,
  });
});

test('locks, migrations and gateways are waited for; a lock at least two seconds, a migration as long as it says', () => {
  expect(diagnose(answer(423, {}), 'hs')).toMatchObject({ outcome: 'retry', scope: 'request', afterMs: 2_000 });
  expect(diagnose(answer(477, {}, { 'retry-after': '90' }), 'hs')).toMatchObject({ scope: 'account', afterMs: 90_000 });
  expect(diagnose(answer(502, 'Bad gateway'), 'hs')).toMatchObject({ outcome: 'retry', scope: 'request' });
});

test('a missing scope is named', () => {
  const body = {
    category: 'MISSING_SCOPES',
    correlationId: 'abc-1',
    errors: [{ message: 'x', context: { requiredGranularScopes: ['crm.objects.deals.read'] } }],
  };
  const diagnosis = diagnose(answer(403, body), 'hs');
  expect(diagnosis).toMatchObject({ outcome: 'fail', error: { code: 'PERMISSION_DENIED' } });
  expect('error' in diagnosis && diagnosis.error.message).toContain('crm.objects.deals.read), correlation id abc-1');
});

test('a batch that failed in part is asked for again, unless the record is simply gone', async () => {
  const partial = (category: string) => answer(207, { results: [], errors: [{ category, message: 'x' }] });
  expect(diagnose(partial('OBJECT_NOT_FOUND'), 'hs')).toEqual({ outcome: 'ok' });
  expect(diagnose(partial('INTERNAL_ERROR'), 'hs')).toMatchObject({
    outcome: 'retry',
    error: { code: 'VENDOR_ERROR' },
  });
  open = await openPortal();
  open.emulator.load({ records: [deal(1)] });
  const body = {
    status: 'COMPLETE',
    results: [],
    errors: [{ status: 'error', category: 'INTERNAL_ERROR', message: 'x' }],
  };
  open.emulator.faults.add({ kind: 'answer', path: 'batch/read', status: 207, body, times: 2 });
  expect((await open.read('deals')).records.size).toBe(1);
});

test('a page of HTML is no answer, whatever its status', () => {
  const page = answer(200, '<!doctype html>', { 'content-type': 'text/html' });
  expect(diagnose(page, 'hs')).toMatchObject({ outcome: 'retry', error: { code: 'BAD_RESPONSE' } });
});

test('no ten seconds hold more calls than the subscription allows, and searches never come two at once', () => {
  const limits = limitsOf(configSchema.parse({ limits: { requestsPerTenSeconds: 190, searchesPerSecond: 4 } }));
  expect(limits['account']).toEqual({ calls: 171, perMs: 10_000, burst: 19 });
  expect(limits['search']).toEqual({ calls: 4, perMs: 1_000, burst: 1 });
});

test('a read under tight quotas is never refused', async () => {
  open = await openPortal({ limits: { perTenSeconds: 100, searchesPerSecond: 5 } });
  open.emulator.load({
    records: Array.from({ length: 1_500 }, (_, index) => deal(index + 1, {}, new Date(1e12 + index).toISOString())),
  });
  expect((await open.read('deals')).records.size).toBe(1_500);
  expect(open.emulator.requests.filter(({ status }) => status !== 200).map(({ status }) => status)).toEqual(
    open.emulator.requests.filter(({ path }) => path.includes('/associations/')).map(() => 207),
  );
});

test('refusals, locks, gateways, cut and foreign answers in between lose nothing', async () => {
  open = await openPortal();
  open.emulator.load({
    records: Array.from({ length: 500 }, (_, index) => deal(index + 1, {}, new Date(1e12 + index * 10).toISOString())),
  });
  const limited = { status: 'error', errorType: 'RATE_LIMIT', policyName: 'SECONDLY', category: 'RATE_LIMITS' };
  open.emulator.faults.add({ kind: 'answer', path: '/search$', status: 429, body: limited, times: 3, after: 1 });
  open.emulator.faults.add({ kind: 'answer', path: 'batch/read', status: 423, times: 2 });
  open.emulator.faults.add({ kind: 'answer', path: 'associations', status: 502, body: 'Bad gateway', times: 1 });
  open.emulator.faults.add({ kind: 'html', path: 'pipelines', times: 1 });
  open.emulator.faults.add({ kind: 'truncate', path: 'account-info', times: 1 });
  expect((await open.read('deals')).records.size).toBe(500);
});

test('when the day is used up the read stops and says so, with what it has', async () => {
  open = await openPortal();
  open.emulator.load({
    records: Array.from({ length: 500 }, (_, index) => deal(index + 1, {}, new Date(1e12 + index * 10).toISOString())),
  });
  const used = { status: 'error', errorType: 'RATE_LIMIT', policyName: 'DAILY', category: 'RATE_LIMITS' };
  open.emulator.faults.add({ kind: 'answer', path: '/search$', status: 429, body: used, after: 1 });
  const reading = open.stream('deals').poll(open.context, null)[Symbol.asyncIterator]();
  const first = await reading.next();
  expect(first.value.records.length).toBeGreaterThan(0);
  const failure = await reading.next().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HubError);
  expect(failure).toMatchObject({ code: 'RATE_LIMITED', retryable: false });
  open.emulator.faults.clear();
  // Until then nothing is sent: the hub asks again in an hour.
  open.clock.advance(3_600_000);
  const rest = await open.read('deals', first.value.cursor);
  expect(first.value.records.length + rest.records.size).toBeGreaterThanOrEqual(500);
});

test('a wrong token fails at once and is not repeated in the message', async () => {
  const token = 'pat-na1-wrong-wrong-wrong';
  open = await openPortal({ token });
  const failure: unknown = await open.read('deals').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'CREDENTIALS_REJECTED' });
  expect(String(failure)).not.toContain(token);
  expect(String(failure)).not.toContain(accessToken);
});
