import {
  defineConnector,
  defineStream,
  diagnoseHttp,
  field,
  silentLogger,
  systemClock,
  view,
  viewRecords,
  type Connector,
  type Key,
  type Page,
} from '@plumbline/connector';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { emptyDatabase, type TestDatabase } from '../../test/database.ts';
import { createApi } from '../api.ts';
import { openHub, type Hub } from '../hub.ts';
import { buildSchema } from '../schema.ts';
import { installSources } from './installed-source.ts';

interface Desk {
  boards: { id: string; code: string }[];
  /** Each with a key of its board. */
  cards: { id: string; board: string; title: string | number }[];
}

const board = z.looseObject({ id: z.string(), code: z.string() });
const card = z.looseObject({ id: z.string(), board: z.string(), title: z.string() });

const wholeList = {
  cursor: z.object({ read: z.boolean() }),
  worth: { granularityMs: 0, lagMs: 0, zone: 'none', tieBreaker: 'none' },
} as const;

function whole(all: readonly { id: string }[]): Page {
  const records = all.map((payload) => ({ id: payload.id, changedAt: null, payload }));
  return { records, cursor: { read: true }, complete: true, allIds: all.map(({ id }) => id) };
}

/** A tracker whose boards are projects, known by their codes, and whose cards are milestones with a list of their own. */
function tracker(desk: () => Desk, shown: 'with cards' | 'cards without a view' = 'with cards'): Connector {
  return defineConnector({
    name: 'task-board',
    title: 'Task board',
    config: z.object({}),
    secrets: z.object({}),
    keySchemes: ['board', 'card'],
    limits: () => ({}),
    diagnose: (answer, source) => diagnoseHttp(source, answer),
    secretTexts: () => [],
    check: async () => [],
    streams: [
      defineStream({
        ...wholeList,
        name: 'boards',
        description: 'Boards.',
        kinds: ['project'],
        raw: board,
        async *poll() {
          yield whole(desk().boards);
        },
        map: ({ id, code }) => [{ kind: 'project', id, keys: [`board:${id}`, `code:${code}`], fields: { name: code } }],
        views: [
          view({
            on: 'project',
            description: 'A board.',
            fields: {
              id: field.text('Its id.'),
              cards: viewRecords({ of: 'milestone', by: 'project', description: 'Its cards.' }),
            },
            read: ({ id }: z.output<typeof board>) => ({ id }),
          }),
        ],
      }),
      defineStream({
        ...wholeList,
        name: 'cards',
        description: 'Cards.',
        kinds: ['milestone'],
        raw: card,
        async *poll() {
          yield whole(desk().cards);
        },
        map: (raw) => [
          {
            kind: 'milestone',
            id: raw.id,
            keys: [`card:${raw.id}`],
            fields: { name: raw.title, project: raw.board as Key },
          },
        ],
        views:
          shown === 'with cards'
            ? [
                view({
                  on: 'milestone',
                  description: 'A card.',
                  fields: { title: field.text('What it says.') },
                  read: ({ title }: z.output<typeof card>) => ({ title }),
                }),
              ]
            : [],
      }),
    ],
  });
}

let database: TestDatabase;
let hub: Hub;
let desks: { near: Desk; far: Desk };

beforeEach(async () => {
  database = await emptyDatabase({ durable: false });
  desks = {
    near: {
      boards: [
        { id: '1', code: 'KES' },
        { id: '2', code: 'KES' },
        { id: '3', code: 'OWL' },
      ],
      cards: [
        { id: '11', board: 'board:1', title: 'Frame' },
        { id: '12', board: 'board:1', title: 'Roof' },
        { id: '21', board: 'board:2', title: 'Garden' },
      ],
    },
    far: {
      boards: [{ id: '1', code: 'KES' }],
      cards: [
        { id: '11', board: 'board:1', title: 'Far off' },
        { id: '12', board: 'code:OWL', title: 'Of a board elsewhere' },
      ],
    },
  };
  hub = await openHub({
    database: database.target,
    logger: silentLogger,
    sources: [
      { id: 'near', connector: tracker(() => desks.near), config: {}, secrets: {} },
      { id: 'far', connector: tracker(() => desks.far), config: {}, secrets: {}, realm: 'far' },
    ],
  });
});

afterEach(async () => {
  await hub.close();
  await database.drop();
});

const ask = () =>
  createApi(hub).query(
    '{ projects(orderBy: { field: NAME }) { nodes { name taskBoard { source id cards { source title } } } } }',
  );

test('a record shows those of its own source that refer to it, also where several records are one entity', async () => {
  await hub.sync();
  const near = (title: string) => ({ source: 'near', title });
  expect(await ask()).toEqual({
    data: {
      projects: {
        nodes: [
          {
            name: 'KES',
            taskBoard: [
              { source: 'far', id: '1', cards: [{ source: 'far', title: 'Far off' }] },
              { source: 'near', id: '1', cards: [near('Frame'), near('Roof')] },
              { source: 'near', id: '2', cards: [near('Garden')] },
            ],
          },
          { name: 'OWL', taskBoard: [{ source: 'near', id: '3', cards: [] }] },
        ],
      },
    },
  });
});

test('what moves to another record and what is gone is not shown any more', async () => {
  await hub.sync();
  desks.near.cards = [
    { id: '12', board: 'board:3', title: 'Roof' },
    { id: '21', board: 'board:2', title: 'Garden' },
  ];
  await hub.sync();
  const { data } = await ask();
  expect(data).toMatchObject({
    projects: {
      nodes: [
        { taskBoard: [{ source: 'far' }, { id: '1', cards: [] }, { id: '2', cards: [{ title: 'Garden' }] }] },
        { taskBoard: [{ id: '3', cards: [{ title: 'Roof' }] }] },
      ],
    },
  });
});

test('as long as such records were never read to the end nobody knows them; of another source they may be known', async () => {
  await hub.sync({ sourceId: 'near', stream: 'boards' });
  await hub.sync({ sourceId: 'far' });
  expect((await ask()).data).toMatchObject({
    projects: {
      nodes: [
        {
          taskBoard: [
            { source: 'far', cards: [{ title: 'Far off' }] },
            { id: '1', cards: null },
            { id: '2', cards: null },
          ],
        },
        { taskBoard: [{ id: '3', cards: null }] },
      ],
    },
  });
});

test('one that cannot be read any more is an error where the list stands, and other lists are there', async () => {
  await hub.sync();
  desks.near.cards = desks.near.cards.map((each) => (each.id === '12' ? { ...each, title: 7 } : each));
  await hub.sync();
  const { data, errors } = await ask();
  expect(data).toMatchObject({
    projects: {
      nodes: [
        { taskBoard: [{ source: 'far' }, { id: '1', cards: null }, { id: '2', cards: [{ title: 'Garden' }] }] },
        { taskBoard: [{ id: '3', cards: [] }] },
      ],
    },
  });
  expect(errors?.map(({ message, path }) => ({ message, path }))).toEqual([
    {
      message: 'near: the record 12 of "cards" cannot be read.',
      path: ['projects', 'nodes', 0, 'taskBoard', 1, 'cards'],
    },
  ]);
});

test('many lists take as many statements as one', async () => {
  desks.near.boards = Array.from({ length: 40 }, (_, index) => ({ id: String(index), code: `B${index}` }));
  desks.near.cards = desks.near.boards.map(({ id }) => ({ id: `c${id}`, board: `board:${id}`, title: id }));
  await hub.sync();
  const statements = async (first: number): Promise<number> => {
    const spy = vi.spyOn(hub.database.reader.getExecutor(), 'executeQuery');
    const { errors } = await createApi(hub).query(
      `{ projects(first: ${first}) { nodes { taskBoard { cards { title } } } } }`,
    );
    expect(errors).toBeUndefined();
    const { length } = spy.mock.calls;
    spy.mockRestore();
    return length;
  };
  const one = await statements(1);
  expect(await statements(40)).toBe(one);
  expect(one).toBeLessThanOrEqual(4);
});

test('a list of what no stream shows is told to the connector’s author', () => {
  const connector = tracker(() => desks.near, 'cards without a view');
  const sources = installSources([{ id: 'near', connector, config: {}, secrets: {} }], systemClock);
  expect(() => buildSchema(sources)).toThrow(
    'task-board: project.cards lists milestones, of which no stream has a view.',
  );
});
