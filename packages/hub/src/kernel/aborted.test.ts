import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { aborted } from './aborted.ts';

test('who waits a thousand times for one of two signals leaves nothing behind on the one that goes on', async () => {
  const goesOn = new AbortController();
  for (let time = 0; time < 1_000; time += 1) {
    const ends = new AbortController();
    const waiting = aborted(ends.signal, goesOn.signal);
    ends.abort();
    await waiting;
  }
  expect(getEventListeners(goesOn.signal, 'abort')).toEqual([]);
});

test('a signal that is aborted already is not waited for', async () => {
  const waiting = new AbortController();
  await aborted(AbortSignal.abort(), waiting.signal);
  expect(getEventListeners(waiting.signal, 'abort')).toEqual([]);
});
