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
    PLUMBLINE_API_KEY: [{ key: 'first-key-of-sixteen' }, { key: 'second-key-of-sixteen' }],
    PLUMBLINE_ALLOWED_HOSTS: [],
    PORT: 4_100,
    LOG_LEVEL: 'info',
  });
});

const keys = (text: string): unknown => readEnvironment({ PLUMBLINE_API_KEY: text }).PLUMBLINE_API_KEY;

test('an API key may have a name, and base64 is none', () => {
  expect(keys('ada@x.com=key-of-ada-lovelace==, Grace Hopper = key-of-grace-hopper, dGhpcyBpcyBhIHRlc3Q=')).toEqual([
    { name: 'ada@x.com', key: 'key-of-ada-lovelace==' },
    { name: 'Grace Hopper', key: 'key-of-grace-hopper' },
    { key: 'dGhpcyBpcyBhIHRlc3Q=' },
  ]);
});

test.each([
  ['ada.lovelace@acme.example=', 'PLUMBLINE_API_KEY.0.key: wants at least 16 characters a key'],
  ['=key-of-ada-lovelace', 'PLUMBLINE_API_KEY.0.name: wants a name before "="'],
  [`${'a'.repeat(101)}=key-of-ada-lovelace`, 'PLUMBLINE_API_KEY.0.name: wants at most 100 characters a name'],
  ['key 9f9f5111=key-of-ada-lovelace', 'wants a name that Plumbline does not use itself'],
  ['Local=key-of-ada-lovelace', 'wants a name that Plumbline does not use itself'],
  ['ada=key-of-ada-lovelace,ADA=another-key-of-ada', 'PLUMBLINE_API_KEY: wants a name for one key only'],
  ['ada=key-of-ada-lovelace,grace=key-of-ada-lovelace', 'PLUMBLINE_API_KEY: wants each key once'],
])('%s is refused', (text, message) => {
  expect(() => keys(text)).toThrow(message);
  expect(() => keys(text)).not.toThrow(/lovelace/);
});

test('what is wrong is named, its value is not repeated', () => {
  const read = (): unknown =>
    readEnvironment({ DATABASE_URL: 'mysql://root:hunter2@db', PORT: 'http', PLUMBLINE_API_KEY: 'short' });
  expect(read).toThrow(HubError);
  expect(read).toThrow(/DATABASE_URL: wants an address.*PLUMBLINE_API_KEY\.0\.key: wants at least 16 characters.*PORT/);
  expect(read).not.toThrow(/hunter2|short/);
});

test('a percent sign in a password that was not written as %25 is told before anything is made of it', () => {
  const read = (password: string) => () => readEnvironment({ DATABASE_URL: `postgres://plumbline:${password}@db/hub` });
  expect(read('100%hunter2')).toThrow('DATABASE_URL: has a percent sign that stands for nothing');
  expect(read('100%hunter2')).not.toThrow(/hunter2/);
  expect(read('100%25hunter2')()).toMatchObject({ DATABASE_URL: expect.stringContaining('hunter2') });
});
