import {
  defineConnector,
  defineStream,
  diagnoseHttp,
  field,
  silentLogger,
  view,
  type Connector,
} from '@plumbline/connector';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { createApi } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';
import { buildSchema } from '../schema.ts';

interface Board {
  id: string;
  code: string;
  name: string | number;
  hours?: number;
}

const raw = z.looseObject({ id: z.string(), code: z.string(), name: z.string(), hours: z.number().optional() });

/** A tracker whose boards are projects; two boards of one code are one project. */
function tracker(boards: () => readonly Board[]): Connector {
  return defineConnector({
    name: 'task-board',
    title: 'Task board',
    config: z.object({ site: z.string() }),
    secrets: z.object({}),
    keySchemes: ['task-board-id'],
    limits: () => ({}),
    diagnose: (answer, source) => diagnoseHttp(source, answer),
    secretTexts: () => [],
    check: async () => [],
    streams: [
      defineStream({
        name: 'boards',
        description: 'Boards.',
        kinds: ['project'],
        raw,
        cursor: z.object({ read: z.boolean() }),
        worth: { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'none' },
        async *poll() {
          yield {
            records: boards().map((payload) => ({ id: payload.id, changedAt: null, payload })),
            cursor: { read: true },
            complete: true,
            allIds: boards().map(({ id }) => id),
          };
        },
        map: ({ id, code, name }) => [
          { kind: 'project', id, keys: [`task-board-id:${id}`, `code:${code}`], fields: { name } },
        ],
        views: [
          view({
            on: 'project',
            description: 'A board.',
            fields: { url: field.text('Where it is.'), hours: field.seconds('Planned seconds.') },
            read: (board: z.output<typeof raw>, config: { site: string }) => ({
              url: `${config.site}/${board.id}`,
              hours: board.hours === undefined ? null : board.hours * 3_600,
            }),
          }),
        ],
      }),
    ],
  });
}

let database: TestDatabase;
let hub: Hub;
let boards: { near: Board[]; far: Board[] };
const asked = '{ projects(orderBy: { field: NAME }) { nodes { name taskBoard { source url hours } } } }';

beforeEach(async () => {
  database = await emptyDatabase({ durable: false });
  boards = {
    near: [
      { id: '1', code: 'KES', name: 'Kestrel', hours: 2 },
      { id: '2', code: 'OWL', name: 'Owl' },
    ],
    far: [],
  };
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    sources: [
      { id: 'near', connector: tracker(() => boards.near), config: { site: 'https://near.example' }, secrets: {} },
      {
        id: 'far',
        connector: tracker(() => boards.far),
        config: { site: 'https://far.example' },
        secrets: {},
        realm: 'far',
      },
    ],
  });
});

afterEach(async () => {
  await hub.close();
  await database.drop();
});

test('an entity shows what each of its records says at the vendor, by that source’s configuration', async () => {
  boards.far = [{ id: '1', code: 'KES', name: 'Kestrel' }];
  await hub.sync();
  expect(await createApi(hub).query(asked)).toEqual({
    data: {
      projects: {
        nodes: [
          {
            name: 'Kestrel',
            taskBoard: [
              { source: 'far', url: 'https://far.example/1', hours: null },
              { source: 'near', url: 'https://near.example/1', hours: 7200 },
            ],
          },
          { name: 'Owl', taskBoard: [{ source: 'near', url: 'https://near.example/2', hours: null }] },
        ],
      },
    },
  });
});

test('a record that cannot be read any more is an error where it stands, and the rest is there', async () => {
  await hub.sync();
  boards.near = [
    { id: '1', code: 'KES', name: 7 },
    { id: '2', code: 'OWL', name: 'Owl' },
  ];
  await hub.sync();
  const { data, errors } = await createApi(hub).query(asked);
  expect(data).toMatchObject({
    projects: {
      nodes: [
        { name: 'Kestrel', taskBoard: null },
        { name: 'Owl', taskBoard: [{ source: 'near' }] },
      ],
    },
  });
  expect(errors?.map(({ message, path }) => ({ message, path }))).toEqual([
    { message: 'near: the record 1 of "boards" cannot be read.', path: ['projects', 'nodes', 0, 'taskBoard'] },
  ]);
});

test('a record that is gone shows nothing, and without the connector its types do not exist', async () => {
  await hub.sync();
  boards.near = [{ id: '1', code: 'KES', name: 'Kestrel' }];
  await hub.sync();
  const { data } = await createApi(hub).query(
    '{ projects(includeDeleted: true, filter: { name: { eq: "Owl" } }) { nodes { taskBoard { url } } } }',
  );
  expect(data).toEqual({ projects: { nodes: [{ taskBoard: [] }] } });
  expect(hub.schema.getType('TaskBoardProject')).toBeDefined();
  expect(buildSchema().getType('TaskBoardProject')).toBeUndefined();
});
