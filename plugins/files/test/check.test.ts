import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openShelf, type Shelf } from './shelf.ts';

let shelf: Shelf;
afterEach(() => shelf.remove());

const failures = async () => (await shelf.check()).filter(({ ok }) => !ok);

test('what is right is said to be right', async () => {
  shelf = await openShelf();
  await shelf.write('rates.csv', 'Key,Role,Bill rate,From\n');
  expect(await shelf.check()).toMatchObject([
    { subject: 'folder', ok: true },
    { subject: 'tables.rates', ok: true, message: '"rates.csv" is the file rates.csv.' },
    { subject: 'tables.rates.rates.csv', ok: true },
  ]);
});

test('every missing file is said, with those that are there, and so is a missing folder', async () => {
  shelf = await openShelf([{}, { name: 'people', files: 'hr/*.csv' }]);
  await shelf.write('old/rates.csv', '');
  expect((await failures()).map(({ subject, message }) => [subject, message.replace(shelf.folder, 'FOLDER')])).toEqual([
    ['tables.rates', 'There is no file "rates.csv" in FOLDER. There are "old/rates.csv".'],
    ['tables.people', 'There is no file "hr/*.csv" in FOLDER. There are "old/rates.csv".'],
  ]);
  await rm(shelf.folder, { recursive: true });
  expect(await failures()).toMatchObject([{ subject: 'folder', message: expect.stringContaining('is not there') }]);
});

test('every missing and every repeated header of every file is said, with those that are there', async () => {
  shelf = await openShelf([{ files: '*.csv' }]);
  await shelf.write('a.csv', 'Key,Role,Role,Price\n');
  await shelf.write('b.csv', 'Key;Role;Bill rate;From\n');
  expect(await failures()).toEqual([
    {
      subject: 'tables.rates.a.csv',
      ok: false,
      message:
        'File a.csv has the header "Role" twice, in columns B and C. The headers there are "Key", "Role", "Role", "Price".',
      remedy: 'Correct the header in the file, or its name in the configuration.',
    },
    expect.objectContaining({ message: expect.stringContaining('has no header "Bill rate" in line 1. The headers') }),
    expect.objectContaining({ message: expect.stringContaining('has no header "From" in line 1. The headers there') }),
    {
      subject: 'tables.rates.b.csv',
      ok: false,
      message: 'File b.csv has no header "Key" in its first 20 rows. The headers there are "Key;Role;Bill rate;From".',
      remedy: 'The line looks separated by ";": set `delimiter: ";"`.',
    },
  ]);
});

test('a member that no item has is said, with those there are', async () => {
  shelf = await openShelf([{ files: 'rates.json' }]);
  await shelf.write(
    'rates.json',
    JSON.stringify([
      { Key: 1, Role: 'a' },
      { Key: 2, bill: { rate: 3 }, From: null },
    ]),
  );
  expect(await failures()).toMatchObject([
    {
      subject: 'tables.rates.rates.json',
      message:
        'File rates.json has no member "Bill rate" in its first 2 items. Their members are "Key", "Role", "bill.rate", "From".',
    },
  ]);
});

test('a file in another encoding, and one that may not be read, are said', async (context) => {
  shelf = await openShelf([{ files: '*.csv' }]);
  await shelf.write('a.csv', Buffer.from('Key,Röle\n', 'latin1'));
  expect(await failures()).toMatchObject([{ message: 'File a.csv, line 1, character 6 is not text in UTF-8.' }]);
  // Whoever may do everything may read everything.
  if (process.getuid?.() === 0) return context.skip('root may read every file');
  await chmod(join(shelf.folder, 'a.csv'), 0o000);
  expect(await failures()).toMatchObject([{ message: 'File a.csv may not be read by this user.' }]);
});
