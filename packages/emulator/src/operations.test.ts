import { expect, test } from 'vitest';
import { mustBeListed } from './operations.ts';

const asked = (...calls: string[]) =>
  calls.map((call) => {
    const [method = '', path = ''] = call.split(' ');
    return { method, path };
  });

test('what no listed operation covers is named once, and a part of a path in braces stands for one part', () => {
  const operations = ['GET /things', 'GET /things/{id}', 'POST /things/{id}:drop', 'GET /things/{id}/parts/{part}'];
  const known = asked('GET /things', 'GET /things/', 'GET /things/7', 'POST /things/7:drop', 'GET /things/7/parts/x.y');
  expect(() => mustBeListed(known, operations)).not.toThrow();
  const strangers = asked(
    'POST /things',
    'GET /things/7/parts',
    'GET /things/7/parts',
    'GET /thingsx',
    'GET /a/things',
  );
  expect(() => mustBeListed([...known, ...strangers], operations)).toThrow(
    'called, but not checked against the contract: POST /things, GET /things/7/parts, GET /thingsx, GET /a/things',
  );
});
