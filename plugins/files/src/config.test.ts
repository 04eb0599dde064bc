import { expect, test } from 'vitest';
import { files, type FilesConfigInput } from './index.ts';

type TableInput = FilesConfigInput['tables'][number];

const table: TableInput = {
  name: 'rates',
  files: 'rates.csv',
  kind: 'rate',
  key: { column: 'Key' },
  columns: { role: 'Role' },
};

function install(changes: object, folder = '/srv/exports') {
  return files.install({ id: 'exports', config: { folder, tables: [{ ...table, ...changes }] }, secrets: undefined });
}

test.each([
  [{ key: undefined }, 'tables.0.key'],
  [{ files: '../rates.csv' }, 'tables.0.files: wants a path within the folder'],
  [{ files: 'a/../../rates.csv' }, 'tables.0.files: wants a path within the folder'],
  [{ files: '/etc/*.csv' }, 'tables.0.files: wants a path within the folder'],
  [{ zone: 'Berlin' }, 'tables.0.zone: wants an IANA time zone'],
  [{ encoding: 'latin1' }, 'tables.0.encoding'],
  [{ delimiter: ', ' }, 'tables.0.delimiter'],
  [{ path: 'data..items' }, 'tables.0.path: wants names with dots between them'],
  [{ columns: { rate: 'Rate' } }, 'rate has no field "rate"; it has person, role'],
  [{ columns: { person: { column: 'Who' } } }, 'wants either `scheme` or `table`'],
  [{ columns: { person: { column: 'Who', tab: 'people' } } }, 'tables.0.columns.person'],
  [{ columns: { person: { column: 'Who', table: 'people' } } }, 'no table has the name "people"; there are rates'],
  [{ columns: { role: { column: 'Role', table: 'rates' } } }, 'a field of type text does not take `table`'],
  [{ ignoreColumns: ['role'] }, 'ignores "Role", which is mapped'],
])('a wrong configuration %j is refused and says why', (changes, message) => {
  expect(() => install(changes)).toThrow(message);
});

test('a folder that depends on where the hub was started is refused', () => {
  expect(() => install({}, 'exports')).toThrow('folder: wants an absolute path');
});

test('two tables of one name are refused, since the name is part of every key', () => {
  const config = { folder: '/srv', tables: [table, { ...table, files: 'other.csv' }] };
  expect(() => files.install({ id: 'exports', config, secrets: {} })).toThrow('two tables have the name "rates"');
});

test('each table becomes a stream of its own with its kind', () => {
  const { streams } = install({ everyMinutes: 60 });
  expect(streams.map(({ name, kinds, everyMinutes }) => [name, kinds, everyMinutes])).toEqual([
    ['rates', ['rate'], 60],
  ]);
});

test('a table’s separator and zone hold for all its columns that do not say otherwise', () => {
  const columns: TableInput['columns'] = {
    submittedAt: { column: 'At', format: 'dd.MM.yyyy HH:mm' },
    priceDelta: { column: 'Price', currency: 'EUR' },
    costDelta: { column: 'Cost', currency: 'EUR', decimalSeparator: '.' },
  };
  const [stream] = install({ kind: 'changeRequest', columns, decimalSeparator: ',', zone: 'Europe/Berlin' }).streams;
  const cells = { At: '15.07.2026 12:00', Price: '1.250,50 €', Cost: '1,250.50' };
  expect(stream?.map({ key: 'a', cells })[0]?.fields).toEqual({
    submittedAt: '2026-07-15T10:00:00Z',
    priceDelta: { amount: '1250.5', currency: 'EUR' },
    costDelta: { amount: '1250.5', currency: 'EUR' },
  });
});

/** Every `properties` member anywhere in a JSON Schema that nobody has described. */
function undescribed(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]) => {
    if (name !== 'properties') return undescribed(value);
    const own = Object.entries(value as Record<string, { description?: string }>);
    return own.flatMap(([member, each]) => [...(each.description ? [] : [member]), ...undescribed(each)]);
  });
}

test('every member of the configuration is described', () => {
  expect(JSON.stringify(files.configSchema)).toContain('kilobytesPerRow');
  expect(undescribed(files.configSchema)).toEqual([]);
});
