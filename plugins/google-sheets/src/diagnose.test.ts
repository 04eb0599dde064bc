import { expect, test } from 'vitest';
import { diagnoseGoogle } from './diagnose.ts';

const answer = (status: number, body: unknown = {}, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

test('over the quota the account waits until its minute is over, or as long as Google asks', () => {
  const body = { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded' } };
  expect(diagnoseGoogle(answer(429, body), 'sheets')).toMatchObject({
    outcome: 'retry',
    scope: 'account',
    afterMs: 60_000,
  });
  expect(diagnoseGoogle(answer(429, body, { 'retry-after': '7' }), 'sheets')).toMatchObject({ afterMs: 7_000 });
});

test('answers that are no JSON are judged by their status', () => {
  expect(diagnoseGoogle(answer(502, '<html>Bad Gateway'), 'sheets')).toMatchObject({
    outcome: 'retry',
    scope: 'request',
  });
  expect(diagnoseGoogle(answer(404, ''), 'sheets')).toMatchObject({ outcome: 'fail', error: { code: 'NOT_FOUND' } });
  expect(diagnoseGoogle(answer(200), 'sheets')).toEqual({ outcome: 'ok' });
});
