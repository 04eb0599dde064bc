import { afterEach, expect, test } from 'vitest';
import { openShelf, rejection, type Shelf, type TableInput } from './shelf.ts';

let shelf: Shelf;
afterEach(() => shelf.remove());

const deals: Partial<TableInput> = {
  name: 'deals',
  files: 'deals.json',
  kind: 'opportunity',
  key: { column: 'id', scheme: 'crm-deal' },
  columns: {
    name: 'title',
    amount: { column: 'value.amount', currencyColumn: 'value.currency' },
    probability: { column: 'chance', percent: true },
    projects: { column: 'projects', scheme: 'jira-project-key' },
    owner: { column: 'owner', table: 'people' },
    closeDate: 'close',
  },
  customFields: { tags: 'tags' },
};
const people: Partial<TableInput> = { name: 'people', files: 'people.csv', kind: 'person', columns: { name: 'Name' } };

async function open(changes: Partial<TableInput>, content: string | Buffer): Promise<void> {
  shelf = await openShelf([{ ...deals, ...changes }, people]);
  await shelf.write(changes.files ?? 'deals.json', content);
}

const items = [
  {
    id: 7,
    title: 'Portal',
    value: { amount: 1250.1, currency: 'chf' },
    chance: 40,
    projects: ['ABC', ' ', 'DEF'],
    owner: 'ada',
    close: '2026-03-31',
    tags: ['a', 'b'],
  },
  { id: 'x8', title: 'Shop', value: null, chance: null, close: '' },
];
const mapped = [
  {
    kind: 'opportunity',
    id: '7',
    keys: ['file-row:deals/7', 'crm-deal:7'],
    fields: {
      name: 'Portal',
      amount: { amount: '1250.1', currency: 'CHF' },
      probability: '0.4',
      projects: ['jira-project-key:ABC', 'jira-project-key:DEF'],
      owner: 'file-row:people/ada',
      closeDate: '2026-03-31',
    },
    customFields: { tags: ['a', 'b'] },
  },
  {
    kind: 'opportunity',
    id: 'x8',
    keys: ['file-row:deals/x8', 'crm-deal:x8'],
    fields: { name: 'Shop', probability: null, closeDate: null },
  },
];

test.each([
  ['a list', {}, JSON.stringify(items)],
  [
    'a list within',
    { path: 'data.items' },
    JSON.stringify({ more: { items: [1] }, data: { page: 1, items } }, null, 2),
  ],
  ['lines', { files: 'deals.ndjson' }, `${items.map((item) => JSON.stringify(item)).join('\r\n\n')}\n`],
  ['lines as configured', { form: 'ndjson' as const }, items.map((item) => JSON.stringify(item)).join('\n')],
  ['a list in UTF-16', {}, Buffer.from(`\ufeff${JSON.stringify(items)}`, 'utf16le')],
])('%s of objects is read; what an item leaves out is not known, null is known to be empty', async (_, table, text) => {
  await open(table, text);
  const { records, quarantine, allIds } = await shelf.poll();
  expect(quarantine).toEqual({});
  expect(records).toEqual(mapped);
  expect(allIds).toEqual(['7', 'x8']);
});

test('numbers of more digits than a double holds stay as they are written', async () => {
  const text = '[{"id": 12345678901234567890, "value": {"amount": 1234567890123456.78, "currency": "EUR"}}]';
  await open({}, text);
  expect((await shelf.poll()).records[0]).toMatchObject({
    id: '12345678901234567890',
    fields: { amount: { amount: '1234567890123456.78', currency: 'EUR' } },
  });
  await shelf.remove();
  await open({ files: 'deals.ndjson' }, text.slice(1, -1));
  expect((await shelf.poll()).records[0]?.fields).toMatchObject({ amount: { amount: '1234567890123456.78' } });
});

test('items that are no objects, or have no key, go to quarantine and leave the others alone', async () => {
  await open({}, JSON.stringify([3, ...items, { title: 'No id' }, { id: ['a'], title: 'A list' }, null]));
  const { records, quarantine } = await shelf.poll();
  expect(records).toEqual(mapped);
  expect(quarantine).toEqual({
    'item 1 of deals.json': 'Table deals: item 1 of deals.json: it is not an object.',
    'item 4 of deals.json': 'Table deals: item 4 of deals.json: the key column "id" is blank.',
    'item 5 of deals.json': 'Table deals: item 5 of deals.json: the key column "id" holds a list.',
    'item 6 of deals.json': 'Table deals: item 6 of deals.json: it is not an object.',
  });
});

test('a list where one value is wanted is a bad value of its row', async () => {
  await open({}, JSON.stringify([{ id: 1, title: ['a', 'b'] }]));
  expect((await shelf.poll()).quarantine).toEqual({
    '1': 'Table deals: row "1", column "title" (name) holds a list, where one value is wanted.',
  });
});

test('a line that is not JSON goes to quarantine and the others are read', async () => {
  await open({ files: 'deals.jsonl' }, `${JSON.stringify(items[0])}\n{"id": \n${JSON.stringify(items[1])}`);
  const { records, quarantine, allIds } = await shelf.poll();
  expect(records).toHaveLength(2);
  expect(Object.values(quarantine)[0]).toContain('line 2 of deals.jsonl: the line is not JSON');
  expect(allIds).toHaveLength(3);
});

test.each([
  ['no JSON', '[{"id": 1},\n{"id": 2},\n}', {}, 'line 3, behind item 2: it is not JSON: Unexpected'],
  ['half', '[{"id": 1},\n{"id": 2', {}, 'line 2, behind item 1: it is not JSON'],
  ['more than JSON', '[]\n[', {}, 'line 2, behind item 0: it is not JSON'],
  ['nothing', '', {}, 'it is not JSON: it ends in the middle'],
  ['an object', '{"data": [], "next": null}', {}, 'is no list. Its members are "data", "next".'],
  ['no such list', '{"data": {"id": {}}}', { path: 'data' }, 'has no list at "data". Its members are "data".'],
])('a file that holds %s is refused with the place', async (_, text, table, message) => {
  await open(table, text);
  const error = await rejection(shelf.poll());
  expect(error.message).toContain('File deals.json');
  expect(error.message).toContain(message);
});

test('an item or a line beyond the limit is refused', async () => {
  for (const path of ['deals.json', 'deals.ndjson']) {
    shelf = await openShelf([{ ...deals, files: path, columns: { name: 'title' } }], { kilobytesPerRow: 1 });
    await shelf.write(path, `[${JSON.stringify({ id: 1, title: 'x'.repeat(400_000) })}]`);
    expect((await rejection(shelf.poll())).message).toContain('1 is longer than 1 kB');
  }
});

test('members that are ignored are never stored, nor what is in them', async () => {
  await open({ ignoreColumns: ['salary'] }, JSON.stringify([{ id: 1, salary: { amount: 80_000 }, Salary: 80_000 }]));
  expect(JSON.stringify((await shelf.poll()).payloads)).not.toContain('80000');
});

test('a file whose ending says nothing wants its form', async () => {
  await open({ files: 'deals.export' }, '[]');
  expect(await rejection(shelf.poll())).toMatchObject({
    message: 'The ending of file deals.export does not say what it is.',
    remedy: expect.stringContaining('Set `form`'),
  });
});
