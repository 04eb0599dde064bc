import { appendFile, mkdir, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openShelf, rejection, type Shelf } from './shelf.ts';

const CSV = 'Key,Role,Bill rate,From,Note\ndev,Developer,150.50,2026-01-01,"a, b"\npm,Manager,180,2026-01-01,\n';

let shelf: Shelf;
beforeEach(async () => {
  shelf = await openShelf();
  await shelf.write('rates.csv', CSV);
});
afterEach(() => shelf.remove());

async function reopen(...args: Parameters<typeof openShelf>): Promise<void> {
  await shelf.remove();
  shelf = await openShelf(...args);
}

test('a file is read whole, each row a record with its key, and every id on the last page', async () => {
  const { records, allIds, pages, payloads } = await shelf.poll();
  expect(records).toEqual([
    {
      kind: 'rate',
      id: 'dev',
      keys: ['file-row:rates/dev'],
      fields: { role: 'Developer', billRate: { amount: '150.5', currency: 'EUR' }, validFrom: '2026-01-01' },
    },
    {
      kind: 'rate',
      id: 'pm',
      keys: ['file-row:rates/pm'],
      fields: { role: 'Manager', billRate: { amount: '180', currency: 'EUR' }, validFrom: '2026-01-01' },
    },
  ]);
  expect(allIds).toEqual(['dev', 'pm']);
  expect(pages.at(-1)?.complete).toBe(true);
  expect(payloads['dev']).toMatchObject({ cells: { Note: 'a, b' } });
});

test('a file that stands still is not read again, and the cursor comes back as it was', async () => {
  const first = await shelf.poll();
  const second = await shelf.poll(first.cursor);
  expect(second.pages).toEqual([{ records: [], cursor: first.cursor, complete: true }]);
});

test('a file written again with the same content is the same, and only its time is remembered anew', async () => {
  const first = await shelf.poll();
  await shelf.write('rates.csv', CSV, 0.5);
  const second = await shelf.poll(first.cursor);
  expect(second.pages).toMatchObject([{ records: [], complete: true }]);
  expect(second.cursor).not.toEqual(first.cursor);
  expect((await shelf.poll(second.cursor)).cursor).toEqual(second.cursor);
});

test('a file changed in the very moment it was read is told by its content, not by its size and time', async () => {
  await shelf.write('rates.csv', CSV, 0);
  const first = await shelf.poll();
  await shelf.write('rates.csv', CSV.replace('150.50', '150.51'), 0);
  const second = await shelf.poll(first.cursor);
  expect(second.records[0]?.fields).toMatchObject({ billRate: { amount: '150.51', currency: 'EUR' } });
});

test('a changed, an added and a removed row are seen, and the rows that stay are the same', async () => {
  const first = await shelf.poll();
  await shelf.write(
    'rates.csv',
    'Note,From,Bill rate,Role,Key\n,2026-02-01,90,Tester,qa\n"a, b",2026-01-01,150.50,Developer,dev\n',
  );
  const second = await shelf.poll(first.cursor);
  expect(second.allIds).toEqual(['qa', 'dev']);
  expect(second.payloads['dev']).toEqual(first.payloads['dev']);
});

test('a table of several files is one list; a file that is as before gives no records again', async () => {
  await reopen([{ files: 'rates/*.csv' }]);
  await shelf.write('rates/2025.csv', 'Key,Role,Bill rate,From\nold,Developer,100,2025-01-01\n');
  await shelf.write('rates/2026.csv', 'Key,Role,Bill rate,From\nnew,Developer,150,2026-01-01\n');
  const first = await shelf.poll();
  expect(first.allIds).toEqual(['old', 'new']);
  await shelf.write('rates/2026.csv', 'Key,Role,Bill rate,From\nnew,Developer,160,2026-01-01\n', 0.5);
  const second = await shelf.poll(first.cursor);
  expect(second.records.map(({ id }) => id)).toEqual(['new']);
  expect(second.allIds).toEqual(['old', 'new']);
  await rm(join(shelf.folder, 'rates/2025.csv'));
  expect((await shelf.poll(second.cursor)).allIds).toEqual(['new']);
});

test('a row that moves to another file stays itself, and a row that stood in two keeps the one that is left', async () => {
  await reopen([{ files: 'rates/*.csv' }]);
  const head = 'Key,Role,Bill rate,From\n';
  await shelf.write('rates/a.csv', `${head}x,Developer,100,2025-01-01\n`);
  await shelf.write('rates/b.csv', `${head}x,Developer,150,2026-01-01\n`);
  const first = await shelf.poll();
  expect(first.records.map(({ fields }) => fields)).toMatchObject([{ billRate: { amount: '100' } }]);
  expect(first.quarantine).toEqual({
    'line 2 of rates/b.csv':
      'Table rates: line 2 of rates/b.csv: duplicate key "x" in column "Key", also in line 2 of rates/a.csv.',
  });
  await rm(join(shelf.folder, 'rates/a.csv'));
  const second = await shelf.poll(first.cursor);
  expect(second.records.map(({ fields }) => fields)).toMatchObject([{ billRate: { amount: '150' } }]);
  expect(second.allIds).toEqual(['x']);
});

test('rows without a key, with one that stands above, and ragged ones go to quarantine; the good ones stay', async () => {
  await shelf.write(
    'rates.csv',
    `${CSV},Nobody,1,2026-01-01,\ndev,Again,1,2026-01-01,\nux,Designer,120\nqa,Tester, 90,50,2026-01-01,x\n`,
  );
  const { records, quarantine, allIds } = await shelf.poll();
  expect(records.map(({ id }) => id)).toEqual(['dev', 'pm']);
  expect(quarantine).toEqual({
    'line 4 of rates.csv': 'Table rates: line 4 of rates.csv: the key column "Key" is blank.',
    'line 5 of rates.csv':
      'Table rates: line 5 of rates.csv: duplicate key "dev" in column "Key", also in line 2 of rates.csv.',
    ux: 'Table rates: line 6 of rates.csv: 3 values for 5 headers; look for a delimiter or quote that is missing or too many.',
    qa: 'Table rates: line 7 of rates.csv: 6 values for 5 headers; look for a delimiter or quote that is missing or too many.',
  });
  expect(allIds).toEqual(['dev', 'pm', 'line 4 of rates.csv', 'line 5 of rates.csv', 'ux', 'qa']);
});

test('another delimiter, quotes that mean nothing and headers beneath a title are read as configured', async () => {
  await reopen([{ files: 'rates.tsv', delimiter: '\t', quote: null, headerRow: 3 }]);
  await shelf.write('rates.tsv', 'Key\tis above\n\nKey\tRole\tBill rate\tFrom\ndev\t12" "disk\t1\t2026-01-01\n');
  const { records, quarantine } = await shelf.poll();
  expect(quarantine).toEqual({});
  expect(records.map(({ fields }) => fields)).toMatchObject([{ role: '12" "disk' }]);
});

test('a value that cannot be read names table, row and column', async () => {
  await shelf.write('rates.csv', CSV.replace('180', 'much').replace('2026-01-01,"', '1.1.2026,"'));
  expect((await shelf.poll()).quarantine).toEqual({
    dev: 'Table rates: row "dev", column "From" (validFrom) holds "1.1.2026", where a date is wanted: a date cell, or an ISO date; other forms need `format`.',
    pm: 'Table rates: row "pm", column "Bill rate" (billRate) holds the text "much", where a number is wanted; numbers kept as text may need `decimalSeparator`.',
  });
});

test('more broken rows than anybody looks at are counted, and nothing is reported as gone', async () => {
  const broken = Array.from({ length: 1_250 }, () => ',Nobody,1,2026-01-01,\n').join('');
  await shelf.write('rates.csv', CSV + broken);
  const { quarantine, allIds, skipped, pages } = await shelf.poll();
  expect(Object.keys(quarantine)).toHaveLength(1_000);
  expect(Math.max(...pages.map(({ records }) => records.length))).toBe(200);
  expect(allIds).toBeUndefined();
  expect(skipped[0]).toContain('250 more rows of rates cannot be used, such as line');
});

test.each([
  ['UTF-8 with a mark', Buffer.from(`\ufeff${CSV.replace('Developer', 'Entwickler für Ünix')}`, 'utf8'), {}],
  ['UTF-16 with a mark', Buffer.from(`\ufeff${CSV.replace('Developer', 'Entwickler für Ünix')}`, 'utf16le'), {}],
  [
    'UTF-16 as configured',
    Buffer.from(CSV.replace('Developer', 'Entwickler für Ünix'), 'utf16le'),
    { encoding: 'utf-16le' },
  ],
  [
    'Latin-1 as configured',
    Buffer.from(CSV.replace('Developer', 'Entwickler für Ünix'), 'latin1'),
    { encoding: 'windows-1252' },
  ],
] as const)('a file in %s is read as what it is', async (_, content, table) => {
  await reopen([table]);
  await shelf.write('rates.csv', content);
  expect((await shelf.poll()).records[0]?.fields).toMatchObject({ role: 'Entwickler für Ünix' });
});

test('a file in Latin-1 or UTF-16 that nobody announced is refused with the line and the way out', async () => {
  const long = `${'x,Role,1,2026-01-01,\n'.repeat(20_000)}`;
  await shelf.write('rates.csv', Buffer.from(`${CSV}${long}ux,für,1,2026-01-01,\n`, 'latin1'));
  expect(await rejection(shelf.poll())).toMatchObject({
    message: 'File rates.csv, line 20004, character 5 is not text in UTF-8.',
    remedy: expect.stringContaining("encoding: 'windows-1252'"),
  });
  await shelf.write('rates.csv', Buffer.from(CSV, 'utf16le'));
  expect(await rejection(shelf.poll())).toMatchObject({ remedy: expect.stringContaining("encoding: 'utf-16le'") });
});

test.each([
  [
    'a quote in an open value',
    `${CSV}x,12" disk,1,2026-01-01,\n`,
    'in the row that begins in line 4, column 2, there is a quote',
  ],
  [
    'text behind a quoted value',
    `${CSV}x,"a" b,1,2026-01-01,\n`,
    'in the row that begins in line 4, column 2, a value goes on',
  ],
  [
    'an open quote',
    `${CSV.replace('Manager', '"Manager')}x,y,1,2026-01-01,\n`,
    'line 3, column 2, a quote is not closed',
  ],
  ['nothing', '', 'has no header "Key" in its first 20 rows. The row is blank'],
  ['another delimiter', CSV.replaceAll('"a, b"', '').replaceAll(',', ';'), 'has no header "Key" in its first 20 rows'],
  [
    'a missing header',
    CSV.replace('Bill rate', 'Price'),
    'has no header "Bill rate" in line 1. The headers there are "Key", "Role", "Price"',
  ],
  ['a blank header', CSV.replace('Bill rate', ' '), 'has no header "Bill rate" in line 1'],
  ['a header twice', CSV.replace('Note', 'BILL  rate'), 'has the header "Bill rate" twice, in columns C and E'],
])('a file with %s is refused with the place', async (_, content, message) => {
  await shelf.write('rates.csv', content);
  const error = await rejection(shelf.poll());
  expect(error.message).toContain('File rates.csv');
  expect(error.message).toContain(message);
});

test('a row, a file, columns and files beyond the limits are refused', async () => {
  const small = { kilobytesPerRow: 1, columnsPerRow: 4, filesPerTable: 1, megabytesPerFile: 1 };
  await reopen([{ files: '*.csv' }], small);
  await shelf.write('rates.csv', CSV);
  expect((await rejection(shelf.poll())).message).toContain('has 5 columns, more than 4');
  await shelf.write('rates.csv', `Key,Role,Bill rate,From\nx,"${'y'.repeat(2_000)}",1,2026-01-01\n`);
  expect((await rejection(shelf.poll())).message).toContain(
    'in the row that begins in line 2 there are more than 1 kB',
  );
  await shelf.write('rates.csv', `Key,Role,Bill rate,From\n${' \n'.repeat(600_000)}`);
  expect((await rejection(shelf.poll())).message).toBe('File rates.csv has 2 MB, more than 1.');
  await shelf.write('other.csv', CSV);
  expect((await rejection(shelf.poll())).message).toBe('"*.csv" matches more than 1 files.');
});

test('a file that is not there is an error that lists what is, and its rows are not reported as gone', async () => {
  const { cursor } = await shelf.poll();
  await rename(join(shelf.folder, 'rates.csv'), join(shelf.folder, 'Rates 2026.csv'));
  expect(await rejection(shelf.poll(cursor))).toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('There is no file "rates.csv" in'),
  });
  expect((await rejection(shelf.poll(cursor))).message).toContain('There are "Rates 2026.csv".');
  await rm(shelf.folder, { recursive: true });
  expect((await rejection(shelf.poll(cursor))).message).toContain(`The folder ${shelf.folder} is not there`);
});

test('one file that cannot be read does not hold up the others, and nothing is reported as gone until it can', async () => {
  await reopen([{ files: '*.csv' }]);
  await shelf.write('a.csv', CSV);
  await shelf.write('b.csv', 'no headers here\n');
  const first = await shelf.poll();
  expect(first.records).toHaveLength(2);
  expect(first.allIds).toBeUndefined();
  expect(first.skipped).toEqual([expect.stringContaining('File b.csv has no header "Key"')]);
  await shelf.write('b.csv', 'Key,Role,Bill rate,From\nux,Designer,120,2026-01-01\n', 0.5);
  const second = await shelf.poll(first.cursor);
  expect(second.records.map(({ id }) => id)).toEqual(['ux']);
  expect(second.allIds).toEqual(['dev', 'pm', 'ux']);
});

test('a link out of the folder, a folder and a way out by dots are refused', async () => {
  await reopen([{ files: '*.csv' }]);
  const outside = await openShelf();
  await outside.write('secret.csv', CSV);
  await symlink(join(outside.folder, 'secret.csv'), join(shelf.folder, 'rates.csv'));
  expect(await rejection(shelf.poll())).toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('File rates.csv leads out of the folder'),
  });
  await rm(join(shelf.folder, 'rates.csv'));
  await mkdir(join(shelf.folder, 'rates.csv'));
  expect((await rejection(shelf.poll())).message).toContain('There is no file "*.csv"');
  for (const files of ['../secret.csv', '/etc/passwd', 'a\\b.csv']) {
    await expect(openShelf([{ files }])).rejects.toThrow('wants a path within the folder');
  }
  await outside.remove();
});

/** 300 rows, so that a page is out before the file ends. */
const LONG = `Key,Role,Bill rate,From\n${Array.from({ length: 300 }, (_, at) => `k${at},Role,${at},2026-01-01\n`).join('')}`;

test.each([
  ['grows', (path: string) => appendFile(path, 'more,Role,12')],
  ['shrinks', (path: string) => truncate(path, 3_000)],
  ['is written over', (path: string) => writeFile(path, LONG.replace('k299,Role,299', 'k299,Role,2'))],
  ['is touched', (path: string) => utimes(path, 1, 1)],
])(
  'a file that %s while it is read is read again by the next poll, and its last rows wait until then',
  async (_, change) => {
    await shelf.write('rates.csv', LONG);
    const before = { files: {} };
    const pages = [];
    for await (const page of shelf.stream().poll(shelf.context, before)) {
      if (pages.push(page) === 1) await change(join(shelf.folder, 'rates.csv'));
    }
    expect(pages.flatMap(({ records }) => records)).toHaveLength(200);
    expect(pages.at(-1)).toMatchObject({
      complete: true,
      cursor: before,
      skipped: [{ id: null, reason: expect.stringContaining('File rates.csv changed while it was read.') }],
    });
    expect(pages.at(-1)?.allIds).toBeUndefined();
    await shelf.write('rates.csv', LONG);
    expect((await shelf.poll(pages.at(-1)?.cursor)).allIds).toHaveLength(300);
  },
);

test('a file that is put in the place of the one that is read leaves that one whole', async () => {
  await shelf.write('rates.csv', LONG);
  await shelf.write('next', CSV, 0.5);
  const pages = [];
  for await (const page of shelf.stream().poll(shelf.context, null)) {
    if (pages.push(page) === 1) await rename(join(shelf.folder, 'next'), join(shelf.folder, 'rates.csv'));
  }
  expect(pages.at(-1)?.allIds).toHaveLength(300);
  expect((await shelf.poll(pages.at(-1)?.cursor)).allIds).toEqual(['dev', 'pm']);
});

test('an abort ends the poll with its own reason', async () => {
  const stop = new Error('the operator stopped the run');
  shelf.abort(stop);
  await expect(shelf.poll()).rejects.toBe(stop);
});

test('what decides over the raw rows is told to the engine, what only maps them is not', () => {
  expect(shelf.stream().fetches).toEqual({
    folder: shelf.folder,
    files: 'rates.csv',
    delimiter: ',',
    quote: '"',
    ignoreColumns: [],
    key: 'Key',
    lowerCase: false,
  });
});

test('a census lists every id', async () => {
  expect((await Array.fromAsync(shelf.stream().census?.(shelf.context) ?? [])).flat()).toEqual(['dev', 'pm']);
});
