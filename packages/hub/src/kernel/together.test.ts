import { expect, test } from 'vitest';
import { together } from './together.ts';

test('a failure is thrown only when everything has come to its end', async () => {
  const slow = Promise.withResolvers<string>();
  const ended: string[] = [];
  const all = together([
    Promise.reject(new Error('the first')),
    slow.promise.then((value) => ended.push(value)),
    Promise.reject(new Error('the second')),
  ]).catch((error: unknown) => ended.push(String(error)));
  slow.resolve('the slow one');
  await all;
  expect(ended).toEqual(['the slow one', 'Error: the first']);
});

test('results come in the order of what was asked', async () => {
  const first = Promise.withResolvers<number>();
  const both = together([first.promise, Promise.resolve('two')]);
  first.resolve(1);
  expect(await both).toEqual([1, 'two']);
});
