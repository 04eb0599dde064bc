import { kindNames } from '@plumbline/connector';
import { expect, test } from 'vitest';
import { googleSheets, type GoogleSheetsConfigInput } from './index.ts';
import { email, privateKey } from '../test/desk.ts';

type TabInput = GoogleSheetsConfigInput['spreadsheets'][number]['tabs'][number];

const tab: TabInput = { name: 'rates', tab: 'Rates', kind: 'rate', key: { column: 'Key' }, columns: { role: 'Role' } };

function install(changes: object, secrets: unknown = { clientEmail: email, privateKey }) {
  const config = { spreadsheets: [{ id: 'abc', tabs: [{ ...tab, ...changes }] }] };
  return googleSheets.install({ id: 'sheets', config, secrets });
}

test.each([
  [
    { columns: { rate: 'Rate' } },
    'rate has no field "rate"; it has person, role, billRate, costRate, validFrom, validTo',
  ],
  [{ kind: 'rates' }, 'kind: Invalid option'],
  [{ tab: undefined }, 'wants either `tab` or `sheetId`'],
  [{ sheetId: 0 }, 'wants either `tab` or `sheetId`'],
  [{ columns: { billRate: 'Bill' } }, 'columns.billRate: wants either `currency` or `currencyColumn`'],
  [{ columns: { billRate: { column: 'Bill', currency: 'Euro' } } }, 'wants an ISO 4217 code'],
  [{ columns: { role: {} } }, 'wants either `column` or `fixed`'],
  [{ columns: { role: { column: 'Role', percent: true } } }, 'a field of type text does not take `percent`; it takes'],
  [{ columns: { person: { column: 'Who' } } }, 'wants either `scheme` or `tab`'],
  [{ columns: { person: { column: 'Who', tab: 'people' } } }, 'no tab has the name "people"; there are rates'],
  [{ columns: { validFrom: { column: 'From', format: 'dd.mm.yyyy' } } }, '`format` wants yyyy'],
  [{ kind: 'capacity', columns: { secondsPerDay: 'Hours' } }, 'wants `unit`'],
  [{ kind: 'capacity', columns: { secondsPerDay: { column: 'D', unit: 'days' } } }, 'wants `hoursPerDay`'],
  [
    { kind: 'project', columns: { status: { column: 'S', values: { x: 'RUNNING' } } } },
    '`values` gives "RUNNING"; allowed',
  ],
  [{ ignoreColumns: ['ROLE'] }, 'ignores "Role", which is mapped'],
  [{ columns: { role: { column: 'Role', colour: 'red' } } }, 'columns.role'],
  [{ name: 'Rates 2026' }, 'wants lower case, digits and dashes'],
])('a wrong configuration %j is refused and says why', (changes, message) => {
  expect(() => install(changes)).toThrow(message);
});

test('two tabs of one name are refused, since the name is part of every key', () => {
  const config = { spreadsheets: [{ id: 'abc', tabs: [tab, { ...tab, tab: 'Other' }] }] };
  const secrets = { clientEmail: email, privateKey };
  expect(() => googleSheets.install({ id: 'sheets', config, secrets })).toThrow('two tabs have the name "rates"');
});

test('each tab becomes a stream of its own with its kind', () => {
  const { streams } = install({ everyMinutes: 60 });
  expect(streams.map(({ name, kinds, everyMinutes }) => [name, kinds, everyMinutes])).toEqual([
    ['rates', ['rate'], 60],
  ]);
});

/** Every `properties` member anywhere in a JSON Schema, with the path it stands at. */
function members(schema: unknown, path = ''): [string, { description?: string }][] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]) => {
    const below = members(value, name === 'properties' ? path : `${path}/${name}`);
    if (name !== 'properties') return below;
    const own = Object.entries(value as Record<string, { description?: string }>);
    return [...own.map(([member, each]): [string, { description?: string }] => [`${path}/${member}`, each]), ...below];
  });
}

test('every member of the configuration is described, and every kind is known', () => {
  const all = members(googleSheets.configSchema);
  expect(all.length).toBeGreaterThan(30);
  expect(all.filter(([, { description }]) => !description)).toEqual([]);
  expect(JSON.stringify(googleSheets.configSchema)).toContain(JSON.stringify(kindNames));
});

test('the key file of Google is taken as it is, as text or as an object, with written line ends', () => {
  const file = { type: 'service_account', client_email: email, private_key: privateKey, private_key_id: 'k1' };
  const expected = { clientEmail: email, privateKey, privateKeyId: 'k1' };
  expect(install({}, file).secrets).toEqual(expected);
  expect(install({}, JSON.stringify(file)).secrets).toEqual(expected);
  const written = { clientEmail: email, privateKey: privateKey.replaceAll('\n', '\\n') };
  expect(install({}, written).secrets).toEqual({ clientEmail: email, privateKey });
});

test('a key that is none is refused without being shown', () => {
  const attempt = () => install({}, { clientEmail: email, privateKey: 'hunter2-hunter2' });
  expect(attempt).toThrow('privateKey: wants the RSA private key in PEM form');
  expect(attempt).not.toThrow('hunter2');
});

test('the budget leaves room for its own burst within any minute, and uses nine tenths of it for the rest', () => {
  const { account } = install({}).limits;
  expect(account).toEqual({ calls: 54, perMs: 60_000, burst: 6 });
});
