import { expect, test } from 'vitest';
import { readNatureSettings, type NatureOptions } from './nature.settings.ts';

test('what is not given keeps its default, and an empty list tells nothing', () => {
  expect(readNatureSettings({ clientWait: { labels: [], types: ['Client question'] } })).toEqual({
    clientWait: {
      labels: [],
      statuses: ['Waiting for customer', 'Waiting for client'],
      types: ['Client question'],
    },
    rework: { labels: ['rework'], statuses: [], types: [] },
  });
});

test.each([
  [{ clientWait: { labels: 'blocked' } }, 'nature.clientWait.labels: '],
  [{ rework: { statuses: [' '] } }, 'nature.rework.statuses.0: wants words that are not empty.'],
  [{ rework: { labels: ['Client-Wait'] } }, 'nature.rework.labels: "Client-Wait" stands in clientWait.labels too.'],
  [{ waiting: {} }, 'nature: Unrecognized key: "waiting".'],
])('%j is refused by the name of the setting', (options, message) => {
  expect(() => readNatureSettings(options as NatureOptions)).toThrow(message);
});
