import {
  defineConnector,
  defineStream,
  diagnoseHttp,
  field,
  silentLogger,
  view,
  viewItems,
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
  lanes?: { name: string; due: string }[];
}

const raw = z.looseObject({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  hours: z.number().optional(),
  lanes: z.array(z.object({ name: z.string(), due: z.string() })).optional(),
});

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
            fields: {
              url: field.text('Where it is.'),
              hours: field.seconds('Planned seconds.'),
              lanes: viewItems({
                item: 'lane',
                description: 'Its lanes; null where nobody has said.',
                fields: { name: field.text('What it is called.'), due: field.localDate('When it is to be empty.') },
              }),
            },
            read: (board: z.output<typeof raw>, config: { site: string }) => ({
              url: `${config.site}/${board.id}`,
              hours: board.hours === undefined ? null : board.hours * 3_600,
              lanes: board.lanes ?? null,
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

test('a view may hold lists of things with fields of their own; none is not the same as not known', async () => {
  boards.near = [
    {
      id: '1',
      code: 'KES',
      name: 'Kestrel',
      lanes: [
        { name: 'Now', due: '2026-03-01' },
        { name: 'Later', due: '2026-09-01' },
      ],
    },
    { id: '2', code: 'OWL', name: 'Owl', lanes: [] },
    { id: '3', code: 'ROO', name: 'Rook' },
  ];
  await hub.sync();
  const { data } = await createApi(hub).query(
    '{ projects(orderBy: { field: NAME }) { nodes { taskBoard { lanes { name due } } } } }',
  );
  expect(data).toEqual({
    projects: {
      nodes: [
        {
          taskBoard: [
            {
              lanes: [
                { name: 'Now', due: '2026-03-01' },
                { name: 'Later', due: '2026-09-01' },
              ],
            },
          ],
        },
        { taskBoard: [{ lanes: [] }] },
        { taskBoard: [{ lanes: null }] },
      ],
    },
  });
  expect(hub.schema.getType('TaskBoardProjectLane')).toBeDefined();
});
