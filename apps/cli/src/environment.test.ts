import { HubError } from '@plumbline/connector';
import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

test('nothing set is fine, and an empty variable counts as not set', () => {
  expect(readEnvironment({ DATABASE_URL: '', PORT: '' })).toEqual({
    PLUMBLINE_API_KEY: [],
    PLUMBLINE_ALLOWED_HOSTS: [],
  });
});

test('lists are separated by commas, numbers are numbers', () => {
  expect(
    readEnvironment({
      PLUMBLINE_API_KEY: 'first-key-of-sixteen, second-key-of-sixteen,',
      PORT: '4100',
      LOG_LEVEL: 'info',
    }),
  ).toEqual({
    PLUMBLINE_API_KEY: ['first-key-of-sixteen', 'second-key-of-sixteen'],
    PLUMBLINE_ALLOWED_HOSTS: [],
    PORT: 4_100,
    LOG_LEVEL: 'info',
  });
});

test('what is wrong is named, its value is not repeated', () => {
  const read = (): unknown =>
    readEnvironment({ DATABASE_URL: 'mysql://root:hunter2@db', PORT: 'http', PLUMBLINE_API_KEY: 'short' });
  expect(read).toThrow(HubError);
  expect(read).toThrow(/DATABASE_URL: wants an address.*PLUMBLINE_API_KEY\.0: wants at least 16 characters.*PORT/);
  expect(read).not.toThrow(/hunter2|short/);
});
