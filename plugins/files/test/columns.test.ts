import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openShelf, type Shelf } from './shelf.ts';

let shelf: Shelf;
beforeEach(async () => {
  shelf = await openShelf([
    {
      name: 'deals',
      files: 'deals*.json',
      kind: 'opportunity',
      key: { column: 'id' },
      columns: { name: 'name', amount: { column: 'value.amount', currency: 'EUR' }, closeDate: 'close' },
    },
  ]);
});
afterEach(() => shelf.remove());

const deal = (id: string, members: object = { value: { amount: 5 }, close: '2026-03-31' }) => ({
  id,
  name: `Deal ${id}`,
  ...members,
});
const write = (path: string, items: readonly object[], hoursAgo: number) =>
  shelf.write(path, JSON.stringify(items), hoursAgo);

test('a mapped member that no item has any more leaves what was read, until it is back', async () => {
  await write('deals.json', [deal('1'), deal('2')], 9);
  const first = await shelf.poll();
  expect(first.allIds).toEqual(['1', '2']);
  await write('deals.json', [deal('1', { deal_value: 5, close: null }), deal('2', { close: null })], 8);
  const gone = await shelf.poll(first.cursor);
  expect(gone.pages).toEqual([{ records: [], cursor: first.cursor, complete: true, unread: expect.any(String) }]);
  expect(gone.pages[0]?.unread).toContain(
    'File deals.json no longer has "value.amount" in any of its 2 items. Their members are "id", "name", "deal_value", "close".',
  );
  expect((await shelf.poll(gone.cursor)).pages).toEqual(gone.pages);
  await write('deals.json', [deal('1'), deal('3')], 7);
  expect((await shelf.poll(gone.cursor)).allIds).toEqual(['1', '3']);
});

test('a renamed key takes no row away', async () => {
  await write('deals.json', [deal('1')], 9);
  const first = await shelf.poll();
  await write('deals.json', [{ ...deal('1'), id: undefined, number: '1' }], 8);
  expect((await shelf.poll(first.cursor)).pages).toMatchObject([
    { records: [], unread: expect.stringContaining('"id"') },
  ]);
});

test('a member that some item has, that is null or whose object is null is there', async () => {
  await write('deals.json', [deal('1'), deal('2')], 9);
  const first = await shelf.poll();
  await write('deals.json', [{ id: '1', name: 'Alone', value: null }, deal('2', { close: null })], 8);
  expect((await shelf.poll(first.cursor)).allIds).toEqual(['1', '2']);
});

test('what never had a member is read without it, and so is what is read from the beginning', async () => {
  await write('deals.json', [deal('1', {})], 9);
  const { records } = await shelf.poll();
  expect(records.map(({ fields }) => fields)).toEqual([{ name: 'Deal 1' }]);
});

test('a new file is held to what all files had, and the others are read beside it', async () => {
  await write('deals-1.json', [deal('1')], 9);
  await write('deals-2.json', [deal('2', { value: { amount: 7 } })], 9);
  const first = await shelf.poll();
  await write('deals-2.json', [deal('2', { value: { amount: 8 } })], 8);
  // It need not say when deals close: the second does not either.
  await write('deals-3.json', [deal('3', { value: { amount: 1 } })], 8);
  await write('deals-4.json', [deal('4', { price: 1 })], 8);
  const second = await shelf.poll(first.cursor);
  expect(second.records.map(({ id }) => id)).toEqual(['2', '3']);
  expect(second.skipped).toEqual([expect.stringContaining('File deals-4.json no longer has "value.amount"')]);
  expect(second.allIds).toBeUndefined();
  // Though nothing else is left of the table, what was read of it stays.
  for (const path of ['deals-1.json', 'deals-2.json', 'deals-3.json']) await rm(join(shelf.folder, path));
  const third = await shelf.poll(second.cursor);
  expect(third.pages).toMatchObject([{ records: [], unread: expect.stringContaining('deals-4.json') }]);
});

test('a header that somebody took out of a file of CSV leaves what was read of it', async () => {
  await shelf.remove();
  shelf = await openShelf();
  await shelf.write('rates.csv', 'Key,Role,Bill rate,From\ndev,Developer,150,2026-01-01\n', 9);
  const first = await shelf.poll();
  await shelf.write('rates.csv', 'Key,Role,Price,From\ndev,Developer,150,2026-01-01\n', 8);
  expect((await shelf.poll(first.cursor)).pages).toMatchObject([
    { records: [], cursor: first.cursor, unread: expect.stringContaining('has no header "Bill rate" in line 1') },
  ]);
});
